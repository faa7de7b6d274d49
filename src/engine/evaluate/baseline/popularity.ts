import type { PairRelations } from '../../data/dataset';
import { collectTopK } from '../metrics/top-k';
import { checkPairs, positions, type Similarity } from './similarity';

/**
 * The model-free baseline of interactions: what the training split saw most often comes first, whoever asks. The
 * similarity is the share of the largest count, 0 … 1; of a pair it is that of the second.
 * @param itemCount items of the dataset.
 * @param train relations of the training split; both ends of a row count, so that either side can be ranked.
 */
export function popularitySimilarity(itemCount: number, train: PairRelations): Similarity {
  const counts = new Uint32Array(itemCount);
  for (const end of [train.anchor, train.positive]) {
    for (const item of end) counts[item] = (counts[item] as number) + 1;
  }
  const most = counts.reduce((largest, count) => Math.max(largest, count), 1);
  const shareOf = (item: number): number => (counts[item] as number) / most;
  return {
    async topK(queries, candidates, k, slices) {
      // Float64, since a float32 share could make two large counts equal.
      const scores = Float64Array.from(candidates, shareOf);
      const position = positions(candidates);
      const exclude = (query: number): number => position.get(queries[query] as number) ?? -1;
      return await collectTopK(queries.length, k, (query) => ({ scores, exclude: exclude(query) }), slices);
    },
    pairs(first, second) {
      checkPairs(first, second);
      return Float32Array.from(second, shareOf);
    },
  };
}
