import { Float32Column, Int32Column } from '../../data/growable';
import type { Slices } from '../../slices';
import { words } from './words';

/** Sparse rows: row `r` has `terms[i]` with `weights[i]` for `offsets[r] <= i < offsets[r + 1]`, terms ascending. */
export interface SparseRows {
  readonly offsets: Int32Array;
  readonly terms: Int32Array;
  readonly weights: Float32Array;
}

/**
 * TF-IDF as scikit-learn's `TfidfVectorizer(sublinear_tf=True)`: weight (1 + ln tf) · (ln((1 + n) / (1 + df)) + 1), rows
 * L2-normalised, words as `words` cuts them. Terms are numbered in the order of first sight, not of the alphabet.
 */
export class TfIdf {
  private constructor(
    readonly vocabulary: ReadonlyMap<string, number>,
    /** Per term. */
    readonly idf: Float64Array,
  ) {}

  /** Learns the vocabulary and how rare each term is. A text without a word counts as a document. */
  static async fit(texts: Iterable<string>, slices: Slices): Promise<TfIdf> {
    const vocabulary = new Map<string, number>();
    const frequency: number[] = [];
    let documents = 0;
    for (const text of texts) {
      await slices.pause();
      documents++;
      for (const term of new Set(words(text))) {
        const known = vocabulary.get(term);
        if (known === undefined) {
          vocabulary.set(term, frequency.length);
          frequency.push(1);
        } else frequency[known] = (frequency[known] as number) + 1;
      }
    }
    return new TfIdf(
      vocabulary,
      Float64Array.from(frequency, (df) => Math.log((1 + documents) / (1 + df)) + 1),
    );
  }

  /** One row per text; a text without a known term has an empty row. */
  async transform(texts: Iterable<string>, slices: Slices): Promise<SparseRows> {
    const offsets = new Int32Column();
    const terms = new Int32Column();
    const weights = new Float32Column();
    offsets.push(0);
    for (const text of texts) {
      await slices.pause();
      const counts = new Map<number, number>();
      for (const term of words(text)) {
        const id = this.vocabulary.get(term);
        if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      const row = Int32Array.from(counts.keys()).sort();
      const raw = Float64Array.from(row, (id) => this.weight(id, counts.get(id) as number));
      const norm = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0));
      for (const id of row) terms.push(id);
      weights.append(raw.map((value) => value / norm));
      offsets.push(terms.length);
    }
    return { offsets: offsets.view(), terms: terms.view(), weights: weights.view() };
  }

  private weight(term: number, count: number): number {
    return (1 + Math.log(count)) * (this.idf[term] as number);
  }
}

/** Dot product of rows `a` and `b`, in float64. */
export function sparseDot(rows: SparseRows, a: number, b: number): number {
  const { offsets, terms, weights } = rows;
  let i = offsets[a] as number;
  let j = offsets[b] as number;
  const endI = offsets[a + 1] as number;
  const endJ = offsets[b + 1] as number;
  let sum = 0;
  while (i < endI && j < endJ) {
    const order = (terms[i] as number) - (terms[j] as number);
    if (order === 0) sum += (weights[i] as number) * (weights[j] as number);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return sum;
}
