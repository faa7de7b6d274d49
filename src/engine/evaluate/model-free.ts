import type { SplitName } from '../../protocol/dataset';
import type { Metrics } from '../../protocol/run';
import type { Dataset, Split } from '../data/dataset';
import { positivePairs } from '../data/scores';
import { Slices } from '../slices';
import { popularitySimilarity } from './baseline/popularity';
import { normaliseRows } from './baseline/rows';
import type { Similarity } from './baseline/similarity';
import { fittingSample, textsOf } from './baseline/texts';
import { tfidfSimilarity } from './baseline/tfidf-similarity';
import { EmbeddedItems } from './embedded';
import { scoreSplit } from './score';

/**
 * What the data gives away without a model, scored like one: TF-IDF of texts, raw pixels, raw columns, popularity.
 * Built once, asked for any split.
 * @throws the signal's reason, once it is aborted.
 */
export function modelFreeBaseline(
  dataset: Dataset,
  signal?: AbortSignal,
): (split: SplitName) => Promise<Metrics> {
  let similarity: Promise<Similarity> | undefined;
  return async (split) => {
    similarity ??= modelFreeSimilarity(dataset, signal);
    return { split, ...(await scoreSplit(await similarity, dataset, split, signal)) };
  };
}

/** Items that any evaluation compares, and those that the baseline is fitted on. */
function scoredItems(dataset: Dataset): Set<number> {
  const train = dataset.splits.get('train') as Split;
  const held = [...dataset.splits].filter(([name]) => name !== 'train').map(([, split]) => split.items);
  // kNN looks into the training items; where nothing is held out, train itself is scored.
  const whole = train.relations.type === 'members' || held.length === 0;
  const wanted = new Set<number>();
  for (const items of [...held, whole ? train.items : fittingSample(train.items)])
    for (const item of items) wanted.add(item);
  return wanted;
}

async function modelFreeSimilarity(dataset: Dataset, signal: AbortSignal | undefined): Promise<Similarity> {
  const { items } = dataset;
  const every = Int32Array.from({ length: items.count }, (_, i) => i);
  switch (items.kind) {
    case 'text': {
      const fitted = fittingSample((dataset.splits.get('train') as Split).items);
      return await tfidfSimilarity(textsOf(items, scoredItems(dataset)), fitted, new Slices(signal));
    }
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
