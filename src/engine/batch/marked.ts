import type { Choice } from '../../protocol/run';
import type { Dataset, MarkedPairs } from '../data/dataset';
import type { Marks } from '../data/marks';
import { adjacency } from '../data/positives';
import { itemId } from '../run/items-file';
import type { EpochRows } from './plan';

/** A dataset together with what the user said of pairs of its items; equal to the dataset where nothing was said. */
export function withMarks(dataset: Dataset, { list, unreadable }: Marks): Dataset {
  if (list.length === 0 && unreadable.length === 0) return dataset;
  const { count } = dataset.items;
  const wanted = new Set(list.flatMap(({ first, second }) => [first, second]));
  const itemOf = new Map<string, number>();
  for (let item = 0; item < count; item++) {
    const id = itemId(dataset, item);
    if (wanted.has(id) && !itemOf.has(id)) itemOf.set(id, item);
  }
  const pairs = list.flatMap(({ first, second, mark }) => {
    const [a, b] = [itemOf.get(first), itemOf.get(second)];
    return a === undefined || b === undefined || a === b ? [] : [{ a, b, mark }];
  });
  const said = (wanted: 'same' | 'different') => {
    const those = pairs.filter(({ mark }) => mark === wanted);
    return adjacency(
      count,
      Int32Array.from(those, ({ a }) => a),
      Int32Array.from(those, ({ b }) => b),
    );
  };
  const marked = {
    same: said('same'),
    different: said('different'),
    unknown: list.length - pairs.length,
    unreadable,
  };
  return { ...dataset, marked };
}

/** The rows of an epoch without those whose two items the user called different. */
export function withoutDifferent(rows: EpochRows, { different }: MarkedPairs): EpochRows {
  const { anchor, positive, negatives, negativesPerRow } = rows;
  const kept = Int32Array.from(anchor.keys()).filter(
    (row) => !different.has(anchor[row] as number, positive[row] as number),
  );
  if (kept.length === anchor.length) return rows;
  const given = new Int32Array(kept.length * negativesPerRow);
  for (const [i, row] of kept.entries())
    given.set(negatives.subarray(row * negativesPerRow, (row + 1) * negativesPerRow), i * negativesPerRow);
  return {
    anchor: kept.map((row) => anchor[row] as number),
    positive: kept.map((row) => positive[row] as number),
    negatives: given,
    negativesPerRow,
  };
}

export const marksSetting = 'marked pairs';

/** How many marks a run uses, told like a choice. */
export function marksChoice({ marked }: Dataset): Choice[] {
  if (marked === undefined) return [];
  const { same, different, unknown, unreadable } = marked;
  const lost = [
    ...(unknown > 0 ? [`${unknown} name items that are not in the data`] : []),
    ...(unreadable.length > 0 ? [`passed over as unreadable: line ${unreadable.join(', ')}`] : []),
  ];
  return [
    {
      setting: marksSetting,
      // Each pair stands in the list of both of its items.
      value: `${same.partners.length / 2} same, ${different.partners.length / 2} different`,
      because: [
        'marked by you: the same are never negatives of each other, rows of the different are left out',
        ...lost,
      ].join('; '),
    },
  ];
}
