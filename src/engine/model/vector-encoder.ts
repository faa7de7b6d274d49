import * as tf from '@tensorflow/tfjs-core';
import type { Items } from '../data/dataset';
import type { NamedTensor } from '../run/tensors';
import { relu } from '../tensorflow/ops';
import type { Encoder, EncoderBatch, EncoderInputs, ModelDescription, ViewSource } from './encoder';
import { heDeviation, linearDeviation, type WeightSpec } from './initial';

type VectorDescription = Extract<ModelDescription, { kind: 'vector' }>;

/** Mean and standard deviation of each column of the training rows, [width] each. */
export interface Scaling {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/** Columns that never change are centred and otherwise left alone. */
export function columnScaling(data: Float32Array, width: number, rows: Int32Array): Scaling {
  const sum = new Float64Array(width);
  const squares = new Float64Array(width);
  for (const row of rows)
    for (let c = 0; c < width; c++) sum[c] = (sum[c] as number) + (data[row * width + c] as number);
  const mean = Float32Array.from(sum, (total) => total / rows.length);
  // Two passes: sums of squares of large, close numbers would cancel.
  for (const row of rows)
    for (let c = 0; c < width; c++)
      squares[c] = (squares[c] as number) + ((data[row * width + c] as number) - (mean[c] as number)) ** 2;
  const deviation = Float32Array.from(squares, (total) => Math.sqrt(total / rows.length) || 1);
  return { mean, deviation };
}

/** Vectors: scaled columns through dense layers with ReLU between them. */
export class VectorEncoder implements Encoder {
  readonly kind = 'vector';

  constructor(
    readonly description: VectorDescription,
    private readonly scaling: Scaling,
    /** Standard deviation of the noise of a view, in standard deviations of the column. */
    private readonly noise: number,
  ) {}

  get dimensions(): number {
    return this.description.dimensions;
  }

  prepare(items: Items): Promise<EncoderInputs> {
    const vectors = items.vectors;
    if (!vectors) throw new Error('the items hold no vectors');
    return Promise.resolve({ batch: (indices, view) => this.batch(vectors.data, indices, view) });
  }

  constants(): NamedTensor[] {
    const shape = [this.description.width];
    return [
      { name: 'column.mean', shape, data: this.scaling.mean },
      { name: 'column.deviation', shape, data: this.scaling.deviation },
    ];
  }

  /** The scaling is fixed before step 1. */
  setConstants(): void {}

  get weights(): WeightSpec[] {
    const { width, hidden, dimensions } = this.description;
    const widths = [width, ...hidden, dimensions];
    return widths.slice(1).flatMap((out, i) => {
      const fanIn = widths[i] as number;
      const deviation = i < hidden.length ? heDeviation(fanIn) : linearDeviation(fanIn);
      return [
        { name: `dense${i}.kernel`, shape: [fanIn, out], deviation },
        { name: `dense${i}.bias`, shape: [out] },
      ];
    });
  }

  private batch(data: Float32Array, indices: Int32Array, view?: ViewSource): EncoderBatch {
    const { width } = this.description;
    const { mean, deviation } = this.scaling;
    const scaled = new Float32Array(indices.length * width);
    for (const [r, i] of indices.entries()) {
      const source = this.noise > 0 ? view?.(r) : undefined;
      for (let c = 0; c < width; c++) {
        const value = ((data[i * width + c] as number) - (mean[c] as number)) / (deviation[c] as number);
        scaled[r * width + c] = source ? value + this.noise * source.normal() : value;
      }
    }
    const x = tf.tensor2d(scaled, [indices.length, width]);
    return {
      embed(weights) {
        let h: tf.Tensor2D = x;
        for (let layer = 0; layer < weights.length; layer += 2) {
          if (layer > 0) h = relu(h);
          h = tf.add(tf.matMul(h, weights[layer] as tf.Tensor2D), weights[layer + 1] as tf.Tensor1D);
        }
        return h;
      },
      dispose: () => x.dispose(),
    };
  }
}
