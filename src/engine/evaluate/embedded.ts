import * as tf from '@tensorflow/tfjs-core';
import type { Slices } from '../slices';
import { positions, type Similarity } from './baseline/similarity';
import type { TopK } from './metrics/top-k';

/** Scores held at once while ranking: 64 MB. */
const scoresAtOnce = 16 * 1024 * 1024;

/** Embeddings of some items of a dataset, L2-normalised, compared by cosine. */
export class EmbeddedItems implements Similarity {
  private readonly row: ReadonlyMap<number, number>;

  /** @param data row-major [items.length, dimensions], in the order of `items`. */
  constructor(
    readonly items: Int32Array,
    readonly data: Float32Array,
    readonly dimensions: number,
  ) {
    this.row = positions(items);
  }

  has(item: number): boolean {
    return this.row.has(item);
  }

  /** These items and others, of which none is among these. */
  and(others: EmbeddedItems): EmbeddedItems {
    const items = new Int32Array(this.items.length + others.items.length);
    items.set(this.items);
    items.set(others.items, this.items.length);
    const data = new Float32Array(this.data.length + others.data.length);
    data.set(this.data);
    data.set(others.data, this.data.length);
    return new EmbeddedItems(items, data, this.dimensions);
  }

  async topK(queries: Int32Array, candidates: Int32Array, k: number, slices: Slices): Promise<TopK> {
    const position = positions(candidates);
    const index = new Int32Array(queries.length * k).fill(-1);
    const score = new Float32Array(queries.length * k);
    if (candidates.length === 0) return { k, index, score };
    // One more than asked for: the query itself may be among the candidates and is then passed over.
    const asked = Math.min(k + 1, candidates.length);
    const rowsAtOnce = Math.max(1, Math.floor(scoresAtOnce / Math.max(1, candidates.length)));
    const memory = tf.tensor2d(this.select(candidates), [candidates.length, this.dimensions]);
    try {
      for (let start = 0; start < queries.length; start += rowsAtOnce) {
        await slices.pause();
        const some = queries.subarray(start, start + rowsAtOnce);
        const [values, indices] = tf.tidy(() => {
          const asking = tf.tensor2d(this.select(some), [some.length, this.dimensions]);
          // TensorFlow ranks equal scores by position, the earlier first.
          const best = tf.topk(tf.matMul(asking, memory, false, true), asked);
          return [best.values.dataSync<'float32'>(), best.indices.dataSync<'int32'>()] as const;
        });
        for (const [r, query] of some.entries()) {
          const self = position.get(query) ?? -1;
          let at = (start + r) * k;
          const end = at + k;
          for (let i = r * asked; i < (r + 1) * asked && at < end; i++) {
            if (indices[i] === self) continue;
            index[at] = indices[i] as number;
            score[at] = clampCosine(values[i] as number);
            at++;
          }
        }
      }
    } finally {
      memory.dispose();
    }
    return { k, index, score };
  }

  pairs(first: Int32Array, second: Int32Array): Float32Array {
    const { data, dimensions } = this;
    return Float32Array.from(first, (item, i) => {
      const a = this.at(item) * dimensions;
      const b = this.at(second[i] as number) * dimensions;
      let sum = 0;
      for (let c = 0; c < dimensions; c++) sum += (data[a + c] as number) * (data[b + c] as number);
      return clampCosine(sum);
    });
  }

  /** Rows of the given items, row-major [items.length, dimensions]. */
  select(items: Int32Array): Float32Array {
    const { data, dimensions } = this;
    const selected = new Float32Array(items.length * dimensions);
    for (const [i, item] of items.entries()) {
      const row = this.at(item);
      selected.set(data.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
    }
    return selected;
  }

  private at(item: number): number {
    const row = this.row.get(item);
    if (row === undefined) throw new Error(`item ${item} has no embedding`);
    return row;
  }
}

/** Rounding takes cosines of equal vectors a hair beyond 1. */
function clampCosine(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
