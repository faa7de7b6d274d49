import type { Place } from '../../protocol/errors';
import { UserError } from '../../protocol/errors';
import { equalItems } from './equal-items';
import type { ProblemLog } from './problems';
import { countOf, shorten, whole } from './profile';
import type { Built } from './raw';
import { splitCodes } from './split-names';

/** Rows are compared as numbers; equal numbers are equal rows. */
type RowKey = (row: number) => number;

export function auditRows(built: Built, files: readonly string[], log: ProblemLog): void {
  const { rows, items } = built;
  const key = rowKey(built);
  const place = (row: number): Place => {
    const file = files[rows.file[row] as number];
    const line = rows.line[row] as number;
    // Of images the row is the file itself, which is what has to be named.
    if (items.kind === 'image' && line === 0)
      return { file: items.content[rows.first[row] as number] as string };
    return { ...(file === undefined ? {} : { file }), ...(line > 0 ? { line } : {}) };
  };
  findDuplicates(built, key, place, log);
  requireContrast(built, place);
  findLeakage(built, key, place, log);
  if (rows.type === 'pairs' && built.layout !== 'interactions') findSeveralPositives(built, place, log);
}

function rowKey({ rows, items }: Built): RowKey {
  if (rows.type === 'members') {
    const same = equalItems(items);
    return (row) => same(rows.first[row] as number);
  }
  const count = items.count;
  const width = rows.negativesPerRow;
  return (row) => {
    let key = (rows.first[row] as number) * count + (rows.second[row] as number);
    for (let k = 0; k < width; k++) {
      // A polynomial hash below 2^53; without negatives the key is exact.
      key = (key * 31 + (rows.negatives[row * width + k] as number) + 1) % 281474976710597;
    }
    return key;
  };
}

function findDuplicates(built: Built, key: RowKey, place: (row: number) => Place, log: ProblemLog): void {
  const { split } = built.rows;
  const count = split.length;
  const sorted = Float64Array.from(
    { length: count },
    (_, row) => key(row) * 4 + (split[row] as number),
  ).sort();
  let repeated = 0;
  let differs = false;
  for (let i = 1; i < count; i++) {
    if (sorted[i] === sorted[i - 1]) repeated++;
    if (Math.floor((sorted[i] as number) / 4) !== Math.floor((sorted[0] as number) / 4)) differs = true;
  }
  if (count > 1 && !differs) {
    const { file = '' } = place(0);
    const message = `${file}: all ${whole(count)} rows are equal, so there is nothing to learn`;
    throw new UserError('all-rows-equal', message, { file });
  }
  if (repeated === 0) return;
  const seen = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    const own = key(row) * 4 + (split[row] as number);
    const first = seen.get(own);
    if (first === undefined) {
      seen.set(own, row);
      continue;
    }
    const at = place(row);
    const what = built.rows.type === 'members' && built.items.kind === 'text' ? 'counted once' : 'kept';
    const message = `${countOf(repeated, 'row')} repeating an earlier row of the same split (${what}); the first is ${describe(at)}, equal to ${describe(place(first))}`;
    log.add('warning', 'duplicates', message, { ...at, count: repeated });
    return;
  }
}

/** Where one item is in every training row, no row can be a negative of another. */
function requireContrast({ rows, items, layout }: Built, place: (row: number) => Place): void {
  if (rows.type !== 'pairs') return;
  const start = rows.split.indexOf(splitCodes.train);
  if (start < 0) return;
  const [first, second] = layout === 'interactions' ? ['user', 'item'] : ['anchor', 'positive'];
  for (const [name, column] of [
    [first, rows.first],
    [second, rows.second],
  ] as const) {
    const item = column[start] as number;
    if (rows.split.some((code, row) => code === splitCodes.train && column[row] !== item)) continue;
    const { file = '' } = place(start);
    const message = `${file}: all training rows have the one ${name} "${shorten(items.content[item] ?? '')}", so no two of them can be told apart; give rows with other ${name}s`;
    throw new UserError('rows-share-an-item', message, { file });
  }
}

function findLeakage(built: Built, key: RowKey, place: (row: number) => Place, log: ProblemLog): void {
  const { rows, items, layout } = built;
  const train = new Map<number, number>();
  const trainItems = new Int32Array(items.count).fill(-1);
  rows.split.forEach((code, row) => {
    if (code !== splitCodes.train) return;
    if (!train.has(key(row))) train.set(key(row), row);
    trainItems[rows.first[row] as number] = row;
    if (rows.type !== 'members') trainItems[rows.second[row] as number] = row;
  });
  for (const name of ['dev', 'test'] as const) {
    let same = 0;
    let shared = 0;
    let total = 0;
    let firstSame = -1;
    let firstShared = -1;
    for (let row = 0; row < rows.split.length; row++) {
      if (rows.split[row] !== splitCodes[name]) continue;
      total++;
      if (train.has(key(row))) {
        if (same++ === 0) firstSame = row;
      } else if (
        rows.type !== 'members' &&
        layout !== 'interactions' &&
        ((trainItems[rows.first[row] as number] as number) >= 0 ||
          (trainItems[rows.second[row] as number] as number) >= 0)
      ) {
        if (shared++ === 0) firstShared = row;
      }
    }
    if (same > 0) {
      const [at, from] = [place(firstSame), place(train.get(key(firstSame)) as number)];
      const message = `${whole(same)} of ${countOf(total, `${name} row`)} are also in train, so ${name} scores look better than they are; the first is ${describe(at)}, equal to ${describe(from)}`;
      log.add('warning', 'leakage', message, { ...at, count: same, key: name });
    }
    if (shared > 0) {
      const first = rows.first[firstShared] as number;
      const item = (trainItems[first] as number) >= 0 ? first : (rows.second[firstShared] as number);
      const from = place(trainItems[item] as number);
      const message = `${whole(shared)} of ${countOf(total, `${name} row`)} share one of their texts with train, in another pair; the first is ${describe(place(firstShared))} with "${shorten(items.content[item] ?? '')}", also in ${describe(from)}`;
      log.add('info', 'shared-items', message, { ...place(firstShared), count: shared, key: name });
    }
  }
}

/** Anchors with more than one positive in train: in a batch one would be a false negative of the other. */
function findSeveralPositives({ rows, items }: Built, place: (row: number) => Place, log: ProblemLog): void {
  const positiveOf = new Int32Array(items.count).fill(-1);
  const several = new Uint8Array(items.count);
  let count = 0;
  let example = -1;
  for (let row = 0; row < rows.first.length; row++) {
    if (rows.split[row] !== splitCodes.train) continue;
    const anchor = rows.first[row] as number;
    const positive = rows.second[row] as number;
    if (positiveOf[anchor] === -1) positiveOf[anchor] = positive;
    else if (positiveOf[anchor] !== positive && several[anchor] === 0) {
      several[anchor] = 1;
      if (count++ === 0) example = row;
    }
  }
  if (count === 0) return;
  const at = place(example);
  const text = shorten(items.content[rows.first[example] as number] ?? '');
  const message = `${countOf(count, 'anchor')} with several positives; none is ever used as a negative of the others; the first is "${text}", again at ${describe(at)}`;
  log.add('info', 'several-positives', message, { ...at, count });
}

function describe(at: Place): string {
  return at.line === undefined ? `${at.file}` : `${at.file}, line ${at.line}`;
}
