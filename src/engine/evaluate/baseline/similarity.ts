import type { Slices } from '../../slices';
import type { TopK } from '../metrics/top-k';

/**
 * What an evaluation asks of a model or of a baseline: how alike are items. The same evaluation runs on learnt
 * embeddings and on model-free scores. Arguments are item indices of one dataset; higher is more alike; what is a cosine
 * stays within −1 … 1.
 */
export interface Similarity {
  /**
   * The best candidates of each query. A query that is itself among the candidates is not one of its own neighbours.
   * An index over `candidates` may be kept while the same array is passed again, so it must not be changed; ask for many
   * queries at once.
   * @param candidates distinct items; of equal scores the earlier candidate ranks first.
   * @throws the reason of a signal behind `slices`, once it is aborted.
   */
  topK(queries: Int32Array, candidates: Int32Array, k: number, slices: Slices): Promise<TopK>;

  /** Similarity of `first[i]` and `second[i]`. @returns float32 `[first.length]`. */
  pairs(first: Int32Array, second: Int32Array): Float32Array;
}

/** Position of each candidate, for leaving a query out of its own ranking. */
export function positions(candidates: Int32Array): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const [position, item] of candidates.entries()) found.set(item, position);
  return found;
}

/** @throws Error where the two sides of `pairs` differ in length. */
export function checkPairs(first: Int32Array, second: Int32Array): void {
  if (first.length !== second.length) throw new Error(`${first.length} items against ${second.length}`);
}
