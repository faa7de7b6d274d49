import type { SplitName } from '../../protocol/dataset';
import type { Metrics } from '../../protocol/run';
import type { Dataset, Split } from '../data/dataset';
import { positivePairs } from '../data/scores';
import { popularitySimilarity } from './baseline/popularity';
import { normaliseRows } from './baseline/rows';
import type { Similarity } from './baseline/similarity';
import { tfidfSimilarity } from './baseline/tfidf-similarity';
import { EmbeddedItems } from './embedded';
import { scoreSplit } from './score';

/**
 * What the data gives away without a model, scored like one: TF-IDF of texts, raw pixels, raw columns, popularity.
 * Built once, asked for any split.
 */
export function modelFreeBaseline(dataset: Dataset): (split: SplitName) => Metrics {
  let similarity: Similarity | undefined;
  return (split) => {
    similarity ??= modelFreeSimilarity(dataset);
    return { split, ...scoreSplit(similarity, dataset, split) };
  };
}

function modelFreeSimilarity(dataset: Dataset): Similarity {
  const { items } = dataset;
  const every = Int32Array.from({ length: items.count }, (_, i) => i);
  switch (items.kind) {
    case 'text':
      return tfidfSimilarity(items.content, (dataset.splits.get('train') as Split).items);
    case 'id':
      return popularitySimilarity(items.count, positivePairs(dataset, 'train'));
    case 'image': {
      const { data, size, channels } = items.pixels as NonNullable<typeof items.pixels>;
      const width = size * size * channels;
      return new EmbeddedItems(every, normaliseRows(data, width), width);
    }
    case 'vector': {
      const { data, width } = items.vectors as NonNullable<typeof items.vectors>;
      return new EmbeddedItems(every, normaliseRows(data, width), width);
    }
  }
}
