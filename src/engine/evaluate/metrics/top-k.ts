import type { Slices } from '../../slices';
import type { NumericArray } from './numbers';

/**
 * The best `k` candidates of each query, row-major `[queries, k]`, best first: score descending, equal scores by
 * candidate position ascending. `index` is a position among the candidates; where a query has fewer than `k` it is -1
 * and the score 0.
 */
export interface TopK {
  readonly k: number;
  readonly index: Int32Array;
  readonly score: Float32Array;
}

/**
 * Positions of the `k` largest scores, best first, equal scores by position ascending; fewer than `k` where there are
 * fewer. Exact; O(n) where few scores beat the best so far, O(n log k) at worst.
 * @param exclude a position left out (the query itself); -1 leaves none out.
 * @throws Error naming the first NaN.
 */
export function rankTopK(scores: NumericArray, k: number, exclude = -1): Int32Array {
  const heap = new Int32Array(Math.max(0, Math.min(k, scores.length)));
  if (heap.length === 0) return heap;
  let size = 0;
  let worst = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    if (Number.isNaN(score)) throw new Error(`score ${i} is NaN`);
    if (i === exclude) continue;
    if (size < heap.length) {
      heap[size] = i;
      siftUp(heap, size++, scores);
    } else if (score > worst) {
      // An equal score comes later in position, so it loses against every kept one.
      heap[0] = i;
      siftDown(heap, size, scores);
    } else continue;
    worst = scores[heap[0] as number] as number;
  }
  const ranked = heap.subarray(0, size);
  for (let end = size - 1; end > 0; end--) {
    swap(ranked, 0, end);
    siftDown(ranked, end, scores);
  }
  return ranked;
}

/** Ranks one query after the other into a `TopK` of `queries` rows; others have their turn in between. */
export async function collectTopK(
  queries: number,
  k: number,
  rank: (query: number) => { readonly scores: NumericArray; readonly exclude: number },
  slices: Slices,
): Promise<TopK> {
  const index = new Int32Array(queries * k).fill(-1);
  const score = new Float32Array(queries * k);
  for (let query = 0; query < queries; query++) {
    await slices.pause();
    const { scores, exclude } = rank(query);
    const ranked = rankTopK(scores, k, exclude);
    index.set(ranked, query * k);
    for (let i = 0; i < ranked.length; i++) score[query * k + i] = scores[ranked[i] as number] as number;
  }
  return { k, index, score };
}

/** Whether candidate `a` ranks behind `b`. */
function behind(a: number, b: number, scores: NumericArray): boolean {
  const scoreA = scores[a] as number;
  const scoreB = scores[b] as number;
  return scoreA < scoreB || (scoreA === scoreB && a > b);
}

function swap(heap: Int32Array, a: number, b: number): void {
  const kept = heap[a] as number;
  heap[a] = heap[b] as number;
  heap[b] = kept;
}

/** The root of the heap is the candidate that ranks last among those kept. */
function siftUp(heap: Int32Array, start: number, scores: NumericArray): void {
  let child = start;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!behind(heap[child] as number, heap[parent] as number, scores)) return;
    swap(heap, child, parent);
    child = parent;
  }
}

function siftDown(heap: Int32Array, size: number, scores: NumericArray): void {
  let parent = 0;
  for (;;) {
    let child = 2 * parent + 1;
    if (child >= size) return;
    if (child + 1 < size && behind(heap[child + 1] as number, heap[child] as number, scores)) child++;
    if (!behind(heap[child] as number, heap[parent] as number, scores)) return;
    swap(heap, child, parent);
    parent = child;
  }
}
