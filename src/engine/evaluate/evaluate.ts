import * as tf from '@tensorflow/tfjs-core';
import type { SplitName } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { Metrics, RunConfig } from '../../protocol/run';
import { batchItems, stack } from '../batch/items';
import { FalseNegatives } from '../batch/mask';
import { epochRows } from '../batch/rows';
import { type Dataset, placeName, placeOf, type Split } from '../data/dataset';
import type { EncoderInputs } from '../model/encoder';
import type { Model } from '../model/model';
import { batchLoss } from '../objective/batch-loss';
import { candidateCount } from '../objective/bounds';
import { random, shuffle } from '../random';
import { Slices } from '../slices';
import { EmbeddedItems } from './embedded';
import { miLowerBound, rank, uniformity } from './metrics/geometry';
import { itemSide, memoryItems, scoreSplit } from './score';

export interface Evaluation {
  readonly metrics: Metrics;
  readonly embedded: EmbeddedItems;
}

export interface EvaluateOptions {
  readonly model: Model;
  /** The dataset's items, prepared by the model's encoder. */
  readonly inputs: EncoderInputs;
  readonly dataset: Dataset;
  readonly split: SplitName;
  readonly config: RunConfig;
  readonly signal?: AbortSignal | undefined;
  /** The last step, for messages. */
  readonly step?: number;
  /** Also the effective rank, half a second at 512 dimensions: not at every look during training. */
  readonly withRank?: boolean;
  /** What the same weights made of some items for an evaluation just before: these are not embedded again. */
  readonly known?: EmbeddedItems | undefined;
}

/** Rows on which uniformity is taken: enough for two stable digits. */
const uniformityRows = 500;

/** Every metric of the contract that applies to the layout, on one split. */
export async function evaluateModel(options: EvaluateOptions): Promise<Evaluation> {
  const { model, inputs, dataset, split: name, signal } = options;
  const split = dataset.splits.get(name) as Split;
  const wanted = new Set(split.items);
  const labelled = split.items.some((item) => (dataset.items.label[item] as number) >= 0);
  if (split.relations.type === 'members' && labelled)
    for (const item of memoryItems(dataset, name)) wanted.add(item);
  if (dataset.layout === 'interactions') for (const item of itemSide(dataset)) wanted.add(item);
  const { known } = options;
  const items = Int32Array.from(wanted)
    .filter((item) => known?.has(item) !== true)
    .sort();
  const data = await model.embed(inputs, items, { signal });
  refuseNonFinite(options, items, data);
  const fresh = new EmbeddedItems(items, data, model.dimensions);
  const embedded = known ? known.and(fresh) : fresh;

  const loss = await splitLoss(options, embedded);
  const own = embedded.select(split.items);
  const spread = uniformity(own, model.dimensions, uniformityRows);
  const effective = options.withRank ? rank(own, model.dimensions) : undefined;
  return {
    embedded,
    metrics: {
      split: name,
      ...(loss && { loss: loss.value }),
      ...(await scoreSplit(embedded, dataset, name, signal)),
      ...(spread && { uniformity: spread.value }),
      ...(effective && { rank: effective.value }),
      ...(loss?.bound !== undefined && { mi_lower_bound: loss.bound }),
    },
  };
}

/** @throws UserError naming the first item whose embedding is not a number: the weights have left the range of float32. */
function refuseNonFinite(
  { dataset, model, config, step }: EvaluateOptions,
  items: Int32Array,
  data: Float32Array,
): void {
  let broken = 0;
  while (broken < data.length && Number.isFinite(data[broken])) broken++;
  if (broken === data.length) return;
  const item = items[Math.floor(broken / model.dimensions)] as number;
  const after = step === undefined ? '' : ` after step ${step}`;
  throw new UserError(
    'non-finite-loss',
    `the embedding of ${placeName(dataset, item)} is ${data[broken]}${after}: the weights have left the ` +
      `range of numbers; ` +
      `lower the learning rate (it was ${config.learningRate})`,
    placeOf(dataset, item),
  );
}

interface SplitLoss {
  readonly value: number;
  /** Lower bound on the mutual information, nats; only where it holds: in-batch negatives, none of them masked. */
  readonly bound?: number;
}

/**
 * The objective on a split, always on the same batches with the same number of candidates, so that the figures of one
 * run compare: full batches of a fixed shuffle, or a single smaller one where the split is small.
 */
async function splitLoss(options: EvaluateOptions, embedded: EmbeddedItems): Promise<SplitLoss | undefined> {
  const { model, inputs, dataset, split, config } = options;
  const rows = epochRows(dataset, split, config.seed, 0);
  // Items without labels are compared with views of themselves; the only one of its label has nothing here.
  const views = rows.anchor.every((item, row) => item === rows.positive[row]);
  const usable = Int32Array.from(rows.anchor.keys()).filter(
    (row) => views || rows.anchor[row] !== rows.positive[row] || rows.negativesPerRow > 0,
  );
  const count = usable.length;
  const explicitOnly = config.negatives.startsWith('explicit');
  if (count < 2 || (explicitOnly && rows.negativesPerRow === 0)) return undefined;
  const size = Math.min(config.batchSize, count);
  const order = shuffle(usable, random(config.seed, 'evaluation'));
  const falseNegatives = new FalseNegatives(dataset, split);
  const slices = new Slices(options.signal);
  let sum = 0;
  let batches = 0;
  let masked = false;
  for (let start = 0; start + size <= count; start += size) {
    await slices.pause();
    const items = batchItems(rows, order.subarray(start, start + size));
    const masks = falseNegatives.masks(items);
    masked ||= masks.forward !== undefined;
    const indices = stack(items);
    const batch = views
      ? inputs.batch(indices, (row) => random(config.seed, 'evaluation-view', start, row))
      : undefined;
    const weights = batch ? model.parameters.read() : [];
    sum += tf.tidy(() => {
      const embeddings =
        batch?.embed(weights, false) ??
        tf.tensor2d(embedded.select(indices), [indices.length, model.dimensions]);
      return batchLoss(embeddings, size, masks, config).dataSync<'float32'>()[0] as number;
    });
    tf.dispose(weights);
    batch?.dispose();
    batches++;
  }
  const value = sum / batches;
  if (masked || (config.negatives !== 'in-batch' && rows.negativesPerRow > 0)) return { value };
  return { value, bound: miLowerBound(value, candidateCount(size, 0, 'in-batch')).value };
}
