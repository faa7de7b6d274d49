import { type SplitName, splitNames } from '../../protocol/dataset';
import type { Relations, Split } from './dataset';
import type { RawRows } from './raw';
import { splitCodes } from './split-names';

/** Divides decided rows into splits, each with its distinct items in ascending order. Empty splits are not there. */
export function makeSplits(rows: RawRows, itemCount: number): Map<SplitName, Split> {
  const splits = new Map<SplitName, Split>();
  for (const name of splitNames) {
    const chosen: number[] = [];
    rows.split.forEach((code, row) => {
      if (code === splitCodes[name]) chosen.push(row);
    });
    if (chosen.length === 0) continue;
    const relations = relationsOf(rows, Int32Array.from(chosen), itemCount);
    splits.set(name, { items: itemsOf(relations, itemCount), relations });
  }
  return splits;
}

function relationsOf(rows: RawRows, chosen: Int32Array, itemCount: number): Relations {
  const first = chosen.map((row) => rows.first[row] as number);
  // A member that comes twice in a split is one member.
  if (rows.type === 'members') return { type: 'members', item: distinct([first], itemCount) };
  const second = chosen.map((row) => rows.second[row] as number);
  if (rows.type === 'scored') {
    return {
      type: 'scored',
      first,
      second,
      score: Float32Array.from(chosen, (row) => rows.score[row] as number),
    };
  }
  const width = rows.negativesPerRow;
  const negatives = new Int32Array(chosen.length * width);
  chosen.forEach((row, i) =>
    negatives.set(rows.negatives.subarray(row * width, (row + 1) * width), i * width),
  );
  return { type: 'pairs', anchor: first, positive: second, negatives, negativesPerRow: width };
}

function itemsOf(relations: Relations, itemCount: number): Int32Array {
  switch (relations.type) {
    case 'pairs':
      return distinct([relations.anchor, relations.positive, relations.negatives], itemCount);
    case 'scored':
      return distinct([relations.first, relations.second], itemCount);
    case 'members':
      return relations.item;
  }
}

/** The distinct values of several lists, ascending; -1 is no item. */
function distinct(lists: readonly Int32Array[], itemCount: number): Int32Array {
  const present = new Uint8Array(itemCount);
  let count = 0;
  for (const list of lists) {
    for (const item of list) {
      if (item < 0 || present[item] === 1) continue;
      present[item] = 1;
      count++;
    }
  }
  const items = new Int32Array(count);
  let at = 0;
  for (let item = 0; item < itemCount; item++) if (present[item] === 1) items[at++] = item;
  return items;
}
