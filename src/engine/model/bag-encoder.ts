import * as tf from '@tensorflow/tfjs-core';
import type { Items } from '../data/dataset';
import type { NamedTensor } from '../run/tensors';
import { sparseMatrix } from '../tensorflow/sparse';
import type { Encoder, EncoderBatch, EncoderInputs, ModelDescription, PrepareProgress } from './encoder';
import { linearDeviation, type WeightSpec } from './initial';
import { type Bags, selectRows, tokenBags } from './text/bags';

type TextDescription = Extract<ModelDescription, { kind: 'text' }>;
type IdDescription = Extract<ModelDescription, { kind: 'id' }>;

/** Embeddings as a weighted sum of table rows: batch (sparse, [n, V]) x table ([V, d]), then an optional dense layer. */
function bagInputs(bags: Bags, scale?: Float32Array): EncoderInputs {
  return {
    batch(indices): EncoderBatch {
      const matrix = sparseMatrix(selectRows(bags, indices, scale));
      return {
        embed([table, dense]) {
          const pooled = matrix.multiply(table as tf.Tensor2D);
          return dense ? tf.matMul(pooled, dense) : pooled;
        },
        dispose: () => matrix.dispose(),
      };
    },
  };
}

/** Text: distinct tokens weighted by the square root of their counts and, where asked, their idf. */
export class TextEncoder implements Encoder {
  readonly kind = 'text';

  constructor(
    readonly description: TextDescription,
    readonly tokenizer: string,
    /** [vocabularySize]: inverse document frequency over the training texts. */
    private readonly idf: Float32Array,
  ) {}

  get dimensions(): number {
    return this.description.dense || this.description.dimensions;
  }

  async prepare(items: Items, progress?: PrepareProgress): Promise<EncoderInputs> {
    return this.inputs(
      await tokenBags(items.content, this.tokenizer, this.description.vocabularySize, progress),
    );
  }

  inputs(bags: Bags): EncoderInputs {
    return bagInputs(bags, this.description.idf === 'pooling' ? this.idf : undefined);
  }

  constants(): NamedTensor[] {
    return [{ name: 'idf', shape: [this.idf.length], data: this.idf }];
  }

  /** Nothing of a table encoder changes outside its weights. */
  setConstants(): void {}

  /**
   * Rows start as random normal directions: unrelated tokens are nearly orthogonal, so that the untrained sum already
   * compares texts by the rare words they share.
   */
  get weights(): WeightSpec[] {
    const { vocabularySize, dimensions, dense, idf } = this.description;
    const unit = 1 / Math.sqrt(dimensions);
    const deviation = idf === 'rows' ? (row: number) => unit * (this.idf[row] as number) : unit;
    const table = { name: 'table', shape: [vocabularySize, dimensions], deviation };
    if (dense === 0) return [table];
    return [table, { name: 'dense', shape: [dimensions, dense], deviation: linearDeviation(dimensions) }];
  }
}

/** Ids: one row of the table each; an id that was not in the training data becomes the zero vector. */
export class IdEncoder implements Encoder {
  readonly kind = 'id';
  private readonly rows: ReadonlyMap<string, number>;

  constructor(readonly description: IdDescription) {
    const keys = [...description.users.map((id) => `0${id}`), ...description.items.map((id) => `1${id}`)];
    this.rows = new Map(keys.map((key, row) => [key, row]));
  }

  get dimensions(): number {
    return this.description.dimensions;
  }

  prepare(items: Items): Promise<EncoderInputs> {
    const offsets = new Int32Array(items.count + 1);
    const columns: number[] = [];
    for (let i = 0; i < items.count; i++) {
      const row = this.rows.get(`${items.side?.[i] ?? 1}${items.content[i]}`);
      if (row !== undefined) columns.push(row);
      offsets[i + 1] = columns.length;
    }
    return Promise.resolve(
      bagInputs({
        width: this.rows.size,
        offsets,
        columns: Int32Array.from(columns),
        weights: new Float32Array(columns.length).fill(1),
      }),
    );
  }

  constants(): NamedTensor[] {
    return [];
  }

  /** Nothing of a table encoder changes outside its weights. */
  setConstants(): void {}

  get weights(): WeightSpec[] {
    const { dimensions } = this.description;
    return [{ name: 'table', shape: [this.rows.size, dimensions], deviation: 1 / Math.sqrt(dimensions) }];
  }
}
