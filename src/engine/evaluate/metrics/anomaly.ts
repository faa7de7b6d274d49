import { rocAuc } from './pairs';
import type { TopK } from './top-k';

/**
 * How far each query lies from what is normal: the mean cosine distance (1 − cosine) to its nearest rows of the memory.
 * @param neighbours of each query among the normal rows, without the query itself.
 * @throws Error for a query without neighbours: without a memory nothing is normal.
 */
export function anomalyScores(neighbours: TopK): Float64Array {
  const { k, index, score } = neighbours;
  return Float64Array.from({ length: k === 0 ? 0 : index.length / k }, (_, query) => {
    let sum = 0;
    let found = 0;
    for (let i = query * k; i < (query + 1) * k && (index[i] as number) >= 0; i++) {
      sum += 1 - (score[i] as number);
      found++;
    }
    if (found === 0) throw new Error(`query ${query} has no neighbour in the memory`);
    return sum / found;
  });
}

/**
 * ROC-AUC of `anomalyScores` against the truth: `anomalous[query]` is 1 or 0. `undefined` where all queries are of one
 * kind.
 */
export function anomalyRocAuc(scores: Float64Array, anomalous: Uint8Array): number | undefined {
  return rocAuc(
    scores.filter((_, i) => anomalous[i] === 1),
    scores.filter((_, i) => anomalous[i] !== 1),
  );
}
