import type { SplitName } from '../../protocol/dataset';
import type { Dataset } from '../data/dataset';
import { positivePairs } from '../data/scores';
import { append } from '../lists';
import { random } from '../random';
import { withoutDifferent } from './marked';
import type { EpochRows } from './plan';

const noNegatives = { negatives: new Int32Array(0), negativesPerRow: 0 };

/**
 * The rows that an epoch trains on (of another split: that its loss is taken on). Pairs and triplets are the same in every epoch; a labelled item meets another random
 * item of its label each time; an item without labels meets another view of itself. Rows of training that the
 * user called different are left out.
 */
export function epochRows(dataset: Dataset, split: SplitName, seed: number, epoch: number): EpochRows {
  const rows = rowsOf(dataset, split, seed, epoch);
  return split === 'train' && dataset.marked ? withoutDifferent(rows, dataset.marked) : rows;
}

function rowsOf(dataset: Dataset, split: SplitName, seed: number, epoch: number): EpochRows {
  const relations = dataset.splits.get(split)?.relations;
  if (!relations) throw new Error(`the dataset has no ${split} split`);
  if (relations.type !== 'members') return positivePairs(dataset, split);
  const { label } = dataset.items;
  const labelled = relations.item.some((item) => (label[item] as number) >= 0);
  if (!labelled) return { anchor: relations.item, positive: relations.item, ...noNegatives };
  return partners(relations.item, label, seed, epoch, canView(dataset));
}

/** Images and vectors have random views; a text does not. */
function canView(dataset: Dataset): boolean {
  return dataset.items.kind === 'image' || dataset.items.kind === 'vector';
}

function partners(
  items: Int32Array,
  label: Int32Array,
  seed: number,
  epoch: number,
  canViewItself: boolean,
): EpochRows {
  const members = new Map<number, number[]>();
  // Where each item of `items` stands in its group.
  const position = new Int32Array(items.length);
  for (const [i, item] of items.entries()) {
    const own = label[item] as number;
    if (own < 0) continue;
    position[i] = members.get(own)?.length ?? 0;
    append(members, own, item);
  }
  const anchor: number[] = [];
  const positive: number[] = [];
  for (const [i, item] of items.entries()) {
    const group = members.get(label[item] as number);
    if (!group) continue;
    if (group.length === 1) {
      // The only one of its label: its positive is a view of itself, or there is none.
      if (!canViewItself) continue;
      anchor.push(item);
      positive.push(item);
      continue;
    }
    const other = random(seed, 'partner', epoch, item).below(group.length - 1);
    anchor.push(item);
    positive.push(group[other < (position[i] as number) ? other : other + 1] as number);
  }
  return { anchor: Int32Array.from(anchor), positive: Int32Array.from(positive), ...noNegatives };
}
