import * as tf from '@tensorflow/tfjs-core';
import type { Items } from '../data/dataset';
import type { NamedTensor } from '../run/tensors';
import { batchNorm, fixedNorm, maxPool, relu } from '../tensorflow/ops';
import { type Augmentation, randomViews } from './augment';
import type { Encoder, EncoderBatch, EncoderInputs, ModelDescription, ViewSource } from './encoder';
import { heDeviation, linearDeviation, type WeightSpec } from './initial';

type ImageDescription = Extract<ModelDescription, { kind: 'image' }>;

/** Share of the old value kept when the running statistics take in those of a batch. */
const momentum = 0.9;

/** The feature map is averaged to about this side before the dense layer. */
const pooledSide = 4;

const weightsPerBlock = 3;

/**
 * Images: blocks of 3x3 convolution, batch normalisation, ReLU and 2x2 max pooling (the last one averages to about 4x4),
 * then one dense layer.
 */
export class ImageEncoder implements Encoder {
  readonly kind = 'image';
  /** Mean and variance of each block's channels, for evaluation. */
  private readonly running: { mean: Float32Array; variance: Float32Array }[];

  constructor(
    readonly description: ImageDescription,
    private readonly augmentation: Augmentation,
  ) {
    this.running = description.blocks.map((channels) => ({
      mean: new Float32Array(channels),
      variance: new Float32Array(channels).fill(1),
    }));
  }

  get dimensions(): number {
    return this.description.dimensions;
  }

  prepare(items: Items): Promise<EncoderInputs> {
    const pixels = items.pixels;
    if (!pixels) throw new Error('the items hold no pixels');
    const { size, channels } = this.description;
    if (pixels.size !== size || pixels.channels !== channels)
      throw new Error(`images of ${pixels.size}x${pixels.channels}, but the model takes ${size}x${channels}`);
    return Promise.resolve({ batch: (indices, view) => this.batch(pixels.data, indices, view) });
  }

  constants(): NamedTensor[] {
    return this.running.flatMap(({ mean, variance }, block) => [
      { name: `block${block}.mean`, shape: [mean.length], data: mean.slice() },
      { name: `block${block}.variance`, shape: [variance.length], data: variance.slice() },
    ]);
  }

  setConstants(constants: readonly NamedTensor[]): void {
    const saved = new Map(constants.map((tensor) => [tensor.name, tensor.data as Float32Array]));
    for (const [block, { mean, variance }] of this.running.entries()) {
      mean.set(saved.get(`block${block}.mean`) as Float32Array);
      variance.set(saved.get(`block${block}.variance`) as Float32Array);
    }
  }

  get weights(): WeightSpec[] {
    const { blocks, channels, dimensions } = this.description;
    const weights = blocks.flatMap((out, block) => {
      const fanIn = block === 0 ? channels : (blocks[block - 1] as number);
      return [
        { name: `block${block}.kernel`, shape: [3, 3, fanIn, out], deviation: heDeviation(9 * fanIn) },
        { name: `block${block}.scale`, shape: [out], constant: 1 },
        { name: `block${block}.offset`, shape: [out] },
      ];
    });
    const features = this.pooled() ** 2 * (blocks.at(-1) as number);
    return [
      ...weights,
      { name: 'dense.kernel', shape: [features, dimensions], deviation: linearDeviation(features) },
      { name: 'dense.bias', shape: [dimensions] },
    ];
  }

  /** Side of the last feature map before it is averaged. */
  private lastSide(): number {
    return Math.floor(this.description.size / 2 ** (this.description.blocks.length - 1));
  }

  private pooled(): number {
    return Math.ceil(this.lastSide() / this.window());
  }

  private window(): number {
    return Math.max(1, Math.ceil(this.lastSide() / pooledSide));
  }

  private batch(data: Uint8Array, indices: Int32Array, view?: ViewSource): EncoderBatch {
    const { size, channels } = this.description;
    const each = size * size * channels;
    const values = new Float32Array(indices.length * each);
    for (const [r, i] of indices.entries())
      for (let p = 0; p < each; p++) values[r * each + p] = (data[i * each + p] as number) / 255;
    const plain = tf.tensor4d(values, [indices.length, size, size, channels]);
    const images = view ? randomViews(plain, this.augmentation, view) : plain;
    if (view) plain.dispose();
    return {
      embed: (weights, training) => this.embed(images, weights, training),
      dispose: () => images.dispose(),
    };
  }

  private embed(images: tf.Tensor4D, weights: readonly tf.Tensor[], training: boolean): tf.Tensor2D {
    const { blocks } = this.description;
    let x = images;
    for (let block = 0; block < blocks.length; block++) {
      const [kernel, scale, offset] = weights.slice(weightsPerBlock * block) as [
        tf.Tensor4D,
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      x = tf.conv2d(x, kernel, 1, 'same');
      x = relu(this.normalise(x, scale, offset, block, training));
      const last = block === blocks.length - 1;
      x = last ? tf.avgPool(x, this.window(), this.window(), 'same') : maxPool(x, 2);
    }
    const [kernel, bias] = weights.slice(weightsPerBlock * blocks.length) as [tf.Tensor2D, tf.Tensor1D];
    return tf.add(tf.matMul(tf.reshape(x, [images.shape[0], -1]), kernel), bias);
  }

  private normalise(
    x: tf.Tensor4D,
    scale: tf.Tensor1D,
    offset: tf.Tensor1D,
    block: number,
    training: boolean,
  ): tf.Tensor4D {
    const running = this.running[block] as { mean: Float32Array; variance: Float32Array };
    if (!training)
      return fixedNorm(x, scale, offset, tf.tensor1d(running.mean), tf.tensor1d(running.variance));
    return batchNorm(x, scale, offset, (mean, variance) => {
      blend(running.mean, mean);
      blend(running.variance, variance);
    });
  }
}

function blend(running: Float32Array, batch: Float32Array): void {
  for (const [i, value] of batch.entries())
    running[i] = momentum * (running[i] as number) + (1 - momentum) * value;
}
