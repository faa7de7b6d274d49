import { Tokenizer } from 'tokenizers';
import { Float32Column, Int32Column } from '../../data/growable';
import type { SparseRows } from '../../tensorflow/sparse';
import type { PrepareProgress } from '../encoder';

/** One sparse row per item: the columns of item `i` are `offsets[i]` … `offsets[i + 1] - 1`. */
export interface Bags {
  readonly width: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float32Array;
}

/** Texts per call of the tokenizer: enough to keep its threads busy, few enough to stop within a moment. */
const chunk = 2048;

/**
 * Each text as its distinct tokens with the square root of their counts: on long texts raw counts let a few frequent
 * tokens drown the rest (on GSM8K recall@1 0.931 with counts, 0.978 with square roots; decision 0005).
 */
export async function tokenBags(
  texts: readonly string[],
  tokenizerJson: string,
  width: number,
  { signal, onProgress }: PrepareProgress = {},
): Promise<Bags> {
  const tokenizer = Tokenizer.fromString(tokenizerJson);
  const offsets = new Int32Array(texts.length + 1);
  const columns = new Int32Column();
  const weights = new Float32Column();
  const count = new Int32Array(width);
  for (let start = 0; start < texts.length; start += chunk) {
    signal?.throwIfAborted();
    const encodings = await tokenizer.encodeBatch(texts.slice(start, start + chunk), {
      addSpecialTokens: false,
    });
    for (const [i, encoding] of encodings.entries()) {
      const first = columns.length;
      for (const id of encoding.getIds()) {
        if (count[id] === 0) columns.push(id);
        count[id] = (count[id] as number) + 1;
      }
      for (const id of columns.view().subarray(first)) {
        weights.push(Math.sqrt(count[id] as number));
        count[id] = 0;
      }
      offsets[start + i + 1] = columns.length;
    }
    onProgress?.(Math.min(texts.length, start + chunk), texts.length);
  }
  return {
    width,
    offsets,
    columns: columns.view().slice(),
    weights: weights.view().slice(),
  };
}

/** Some rows of the bags, in the order of `indices`; `scale`, one factor per column, multiplies the weights. */
export function selectRows(bags: Bags, indices: Int32Array, scale?: Float32Array): SparseRows {
  let total = 0;
  for (const i of indices) total += (bags.offsets[i + 1] as number) - (bags.offsets[i] as number);
  const row = new Int32Array(total);
  const column = new Int32Array(total);
  const weight = new Float32Array(total);
  let at = 0;
  for (const [r, i] of indices.entries()) {
    const end = bags.offsets[i + 1] as number;
    for (let from = bags.offsets[i] as number; from < end; from++, at++) {
      const c = bags.columns[from] as number;
      row[at] = r;
      column[at] = c;
      weight[at] = (bags.weights[from] as number) * (scale ? (scale[c] as number) : 1);
    }
  }
  return { rows: indices.length, columns: bags.width, row, column, weight };
}

/**
 * Smooth inverse document frequency over the given rows: ln((N + 1) / (df + 1)) + 1, as scikit-learn's TfidfTransformer.
 * Returns [width].
 */
export function inverseDocumentFrequency(bags: Bags, rows: Int32Array): Float32Array {
  const documents = new Int32Array(bags.width);
  for (const i of rows) {
    const end = bags.offsets[i + 1] as number;
    for (let at = bags.offsets[i] as number; at < end; at++) {
      const c = bags.columns[at] as number;
      documents[c] = (documents[c] as number) + 1;
    }
  }
  return Float32Array.from(documents, (df) => Math.log((rows.length + 1) / (df + 1)) + 1);
}
