import { share } from './numbers';
import type { TopK } from './top-k';

/** Neighbours that vote. */
export const knnNeighbours = 10;

/**
 * The label with the largest sum of similarities among the neighbours; of equal sums, the label whose first neighbour is
 * nearer. Neighbours without a label (-1) have no vote; -1 where nobody votes.
 * @param labels of the neighbours, nearest first.
 * @param similarity of the neighbours, in the same order.
 */
export function vote(labels: readonly number[], similarity: ArrayLike<number>): number {
  const votes = new Map<number, number>();
  for (const [i, label] of labels.entries()) {
    if (label >= 0) votes.set(label, (votes.get(label) ?? 0) + (similarity[i] as number));
  }
  let winner = -1;
  let most = Number.NEGATIVE_INFINITY;
  // A Map keeps the order of first insertion, which is the order of nearness.
  for (const [label, sum] of votes) {
    if (sum > most) {
      winner = label;
      most = sum;
    }
  }
  return winner;
}

/**
 * Share of the labelled queries whose neighbours vote for their label; `undefined` where no query has a label.
 * @param neighbours of each query among the memory, without the query itself.
 * @param memoryLabels label of each candidate; -1 = none.
 * @param queryLabels label of each query; -1 = none, such a query is left out.
 */
export function knnAccuracy(
  neighbours: TopK,
  memoryLabels: Int32Array,
  queryLabels: Int32Array,
): number | undefined {
  const { k, index, score } = neighbours;
  let counted = 0;
  let right = 0;
  for (const [query, label] of queryLabels.entries()) {
    if (label < 0) continue;
    counted++;
    const labels: number[] = [];
    for (let i = query * k; i < (query + 1) * k; i++) {
      const candidate = index[i] as number;
      if (candidate < 0) break;
      labels.push(memoryLabels[candidate] as number);
    }
    if (vote(labels, score.subarray(query * k, (query + 1) * k)) === label) right++;
  }
  return share(right, counted);
}
