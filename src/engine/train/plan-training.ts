import { UserError } from '../../protocol/errors';
import type { Contrast, RunConfig } from '../../protocol/run';
import { batchCount, type EpochRows, planBatches } from '../batch/plan';
import { epochRows } from '../batch/rows';
import type { Dataset } from '../data/dataset';
import { expectedFalseNegatives } from '../data/false-negatives';
import { candidateCount } from '../objective/bounds';
import { random } from '../random';

export interface TrainingPlan {
  /** The rows of the first epoch. */
  readonly rows: EpochRows;
  readonly stepsPerEpoch: number;
  /** Rows of the first epoch that find no batch without their items. */
  readonly leftOut: number;
}

/**
 * How many steps there will be, from the first epoch's rows.
 * @throws UserError where nothing can be learnt from them with this configuration; the pre-flight asks the same.
 */
export function planTraining(dataset: Dataset, config: RunConfig): TrainingPlan {
  const { objective, negatives, seed, batchSize } = config;
  if (objective !== 'infonce')
    throw new UserError(
      'unknown-objective',
      `objective "${objective}" is not in this version: use --objective infonce`,
    );
  const rows = epochRows(dataset, 'train', seed, 0);
  const count = rows.anchor.length;
  if (count < 2)
    throw new UserError(
      'too-few-rows',
      `${count} training rows have a positive; at least 2 are needed: give more rows per label, or pairs`,
    );
  if (negatives.startsWith('explicit') && rows.negativesPerRow === 0)
    throw new UserError(
      'no-negatives',
      `negatives "${negatives}" needs a column of negatives, and the data has none: use "in-batch"`,
    );
  checkLabels(dataset, rows);
  checkBlocks(dataset, config);
  const stepsPerEpoch = batchCount(rows, batchSize);
  const { batches, leftOut } = planBatches(rows, stepsPerEpoch, random(seed, 'shuffle', 0));
  if (batches.length === 0)
    throw new UserError(
      'rows-share-an-item',
      `all ${count} training rows share one ${dataset.layout === 'interactions' ? 'user or item' : 'item'}, ` +
        'so no two of them can be compared: give rows with others',
    );
  return { rows, stepsPerEpoch, leftOut };
}

/**
 * What a row meets in a full batch of this plan. Rows of pairs that share an item are kept apart, so none of their
 * candidates is hidden; those of a label meet in every batch, as often as the labels are frequent.
 */
export function contrastOf(
  dataset: Dataset,
  { negatives }: RunConfig,
  { rows, stepsPerEpoch }: TrainingPlan,
): Contrast {
  const size = Math.ceil(rows.anchor.length / stepsPerEpoch);
  const perRow = negatives === 'in-batch' ? 0 : rows.negativesPerRow;
  const candidates = candidateCount(size, perRow, negatives);
  const present = new Set<number>();
  for (const item of rows.anchor) present.add(dataset.items.label[item] as number);
  const members = dataset.splits.get('train')?.relations.type === 'members';
  if (!members || present.has(-1)) return { candidates, groups: size };
  return { candidates: candidates - expectedFalseNegatives(dataset, size), groups: present.size };
}

function checkBlocks({ items }: Dataset, { image }: RunConfig): void {
  const most = 1 + Math.floor(Math.log2(image.size));
  if (items.kind !== 'image' || image.blocks.length <= most) return;
  throw new UserError(
    'too-many-blocks',
    `train.image.blocks: ${image.blocks.length} blocks halve ${image.size} pixels to nothing; give at most ${most}`,
  );
}

/** Where every row has the same label, every candidate is a known positive and nothing is left to learn from. */
function checkLabels({ items, labels }: Dataset, { anchor }: EpochRows): void {
  const present = new Set<number>();
  for (const item of anchor) present.add(items.label[item] as number);
  const [only] = present;
  if (present.size > 1 || only === undefined || only < 0) return;
  throw new UserError(
    'one-label',
    `only the label "${labels[only]}" has two training rows or more, so there is nothing to tell it from: ` +
      'give more rows of the others',
  );
}
