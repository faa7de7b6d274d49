import type { SplitName } from '../../protocol/dataset';
import type { MetricName } from '../../protocol/run';
import type { Dataset, MemberRelations, PairRelations, Split } from '../data/dataset';
import { knownPositives } from '../data/positives';
import { append } from '../lists';
import { random, shuffle } from '../random';
import { Slices } from '../slices';
import type { Similarity } from './baseline/similarity';
import { anomalyRocAuc, anomalyScores } from './metrics/anomaly';
import { alignment } from './metrics/geometry';
import { knnAccuracy, knnNeighbours } from './metrics/knn';
import { averagePrecision, rocAuc, spearman, tripletAccuracy } from './metrics/pairs';
import { RetrievalAccumulator, retrievalDepth } from './metrics/retrieval';
import { givenNegatives, type SampledPairs, samplePairs } from './sample-pairs';

export type Scores = Partial<Record<MetricName, number>>;

/** An interaction's query may know this many items from training before its ranking is cut short. */
const knownAtMost = 1000;

/**
 * Every metric that follows from similarities alone, so that models and model-free baselines are scored alike.
 * @throws the signal's reason, once it is aborted.
 */
export async function scoreSplit(
  similarity: Similarity,
  dataset: Dataset,
  name: SplitName,
  signal?: AbortSignal,
): Promise<Scores> {
  const slices = new Slices(signal);
  const { relations } = dataset.splits.get(name) as Split;
  const common = separation(similarity, samplePairs(dataset, name));
  switch (relations.type) {
    case 'pairs':
      return {
        ...(await retrieval(similarity, dataset, name, relations, slices)),
        ...triplets(similarity, relations),
        ...common,
      };
    case 'scored': {
      const { first, second, score } = relations;
      return { ...present({ spearman: spearman(similarity.pairs(first, second), score) }), ...common };
    }
    case 'members':
      return { ...(await labelled(similarity, dataset, name, relations, slices)), ...common };
  }
}

/** How far pairs that belong together and pairs that do not are apart. */
function separation(similarity: Similarity, pairs: SampledPairs): Scores {
  const positives = similarity.pairs(...pairs.positives);
  const negatives = similarity.pairs(...pairs.negatives);
  return present({
    pair_roc_auc: rocAuc(positives, negatives),
    pair_average_precision: averagePrecision(positives, negatives),
    alignment: alignment(positives),
  });
}

/**
 * Queries: the distinct anchors of the split; documents: its distinct positives; relevant: every positive known in the
 * split. For interactions the documents are all items, less those the user is known to have from training.
 */
async function retrieval(
  similarity: Similarity,
  dataset: Dataset,
  name: SplitName,
  relations: PairRelations,
  slices: Slices,
): Promise<Scores> {
  const relevant = new Map<number, number[]>();
  for (const [row, anchor] of relations.anchor.entries())
    append(relevant, anchor, relations.positive[row] as number);
  const queries = Int32Array.from(relevant.keys());
  const interactions = dataset.layout === 'interactions';
  const documents = interactions ? itemSide(dataset) : Int32Array.from(new Set(relations.positive));
  const known = interactions && name !== 'train' ? knownPositives(dataset, 'train') : undefined;
  const most = known ? queries.reduce((max, query) => Math.max(max, known.of(query).length), 0) : 0;
  const depth = Math.min(documents.length, retrievalDepth + Math.min(most, knownAtMost));
  const { index, k } = await similarity.topK(queries, documents, depth, slices);
  const accumulator = new RetrievalAccumulator();
  for (const [q, query] of queries.entries()) {
    const ranked: number[] = [];
    for (const at of index.subarray(q * k, (q + 1) * k)) {
      if (at < 0 || ranked.length === retrievalDepth) break;
      const document = documents[at] as number;
      if (!known?.has(query, document)) ranked.push(document);
    }
    // A text that is its own answer cannot be found: a query is never its own neighbour.
    const wanted = new Set(relevant.get(query));
    wanted.delete(query);
    // What the user had in training is not ranked, so it cannot be asked for.
    if (known) for (const item of wanted) if (known.has(query, item)) wanted.delete(item);
    accumulator.add(Int32Array.from(ranked), wanted);
  }
  return { ...accumulator.result() };
}

/** The items, not the users, of the training split. */
export function itemSide(dataset: Dataset): Int32Array {
  const train = dataset.splits.get('train') as Split;
  return train.items.filter((item) => dataset.items.side?.[item] === 1);
}

/** The own positive against each negative given for the row. */
function triplets(similarity: Similarity, relations: PairRelations): Scores {
  const given = givenNegatives(relations);
  if (!given) return {};
  const { anchor, positive, negatives, negativesPerRow } = relations;
  const rows = Int32Array.from(negatives.keys())
    .filter((at) => (negatives[at] as number) >= 0)
    .map((at) => Math.floor(at / negativesPerRow));
  const own = similarity.pairs(
    rows.map((row) => anchor[row] as number),
    rows.map((row) => positive[row] as number),
  );
  return present({ triplet_accuracy: tripletAccuracy(own, similarity.pairs(...given)) });
}

/** While training, dev looks into at most this many items of train, so that a look stays short; test into all. */
export const devMemoryAtMost = 20_000;

/** kNN over what came before: dev looks into train, test into train and dev; an item is never its own neighbour. */
export function memoryItems(dataset: Dataset, name: SplitName): Int32Array {
  const train = dataset.splits.get('train') as Split;
  const dev = name === 'test' ? dataset.splits.get('dev') : undefined;
  if (name === 'dev' && train.items.length > devMemoryAtMost)
    return shuffle(train.items.slice(), random(0, 'memory')).subarray(0, devMemoryAtMost).sort();
  if (!dev) return train.items;
  return Int32Array.from(new Set([...train.items, ...dev.items])).sort();
}

async function labelled(
  similarity: Similarity,
  dataset: Dataset,
  name: SplitName,
  relations: MemberRelations,
  slices: Slices,
): Promise<Scores> {
  const { label } = dataset.items;
  const queries = relations.item.filter((item) => (label[item] as number) >= 0);
  if (queries.length === 0) return {};
  const memory = memoryItems(dataset, name).filter((item) => (label[item] as number) >= 0);
  const of = (items: Int32Array): Int32Array => items.map((item) => label[item] as number);
  const neighbours = await similarity.topK(queries, memory, knnNeighbours, slices);
  return present({
    knn_accuracy: knnAccuracy(neighbours, of(memory), of(queries)),
    anomaly_roc_auc: await anomaly(similarity, dataset, queries, memory, slices),
  });
}

/** Where one label is called `normal`: distance to the normal training rows tells the others apart. */
async function anomaly(
  similarity: Similarity,
  dataset: Dataset,
  queries: Int32Array,
  memory: Int32Array,
  slices: Slices,
): Promise<number | undefined> {
  const normal = dataset.labels.findIndex((name) => name.toLowerCase() === 'normal');
  if (normal < 0) return undefined;
  const { label } = dataset.items;
  const reference = memory.filter((item) => label[item] === normal);
  // With a single one, that one itself would have no neighbour.
  if (reference.length < 2) return undefined;
  const scores = anomalyScores(await similarity.topK(queries, reference, knnNeighbours, slices));
  return anomalyRocAuc(
    scores,
    Uint8Array.from(queries, (item) => (label[item] === normal ? 0 : 1)),
  );
}

function present(scores: Partial<Record<MetricName, number | undefined>>): Scores {
  return Object.fromEntries(Object.entries(scores).filter(([, value]) => value !== undefined)) as Scores;
}
