import { append } from '../lists';
import { random, shuffle } from '../random';
import { DisjointSets } from './components';
import { equalItems } from './equal-items';
import { holdOut } from './hold-out';
import type { ProblemLog } from './problems';
import { countOf } from './profile';
import type { Built } from './raw';
import { splitCodes, undecided } from './split-names';

/** Share of the rows that go to a split that has to be cut. */
const share = 0.1;
/** At most so many rows go to a dev set that is cut from a given training set … */
const largestDevFromTrain = 500;
/** … and to each of dev and test where nothing is given. */
const largestHeldOut = 5000;
/** From this share of linked rows on, a given test split is one of known texts, and dev is cut as such. */
const linkedFrom = 0.5;

/**
 * Decides the split of every row (in place): what files, folders or a column say, and where there is no dev set or nothing
 * at all, a seeded cut by connected groups, so that equal items never sit on both sides. What was cut is told.
 */
export function decideSplits(built: Built, seed: number, log: ProblemLog): void {
  const { split } = built.rows;
  const given = new Set(split);
  if (!given.has(splitCodes.train) && !(given.has(undecided) && given.size > 1)) split.fill(undecided);
  const decided = split.some((code) => code !== undecided);
  if (!decided) {
    split.fill(splitCodes.train);
    const target = Math.min(largestHeldOut, Math.floor(split.length * share));
    take(built, splitCodes.test, target, seed, log);
    take(built, splitCodes.dev, target, seed, log);
    warnWithoutDev(split, log);
    return;
  }
  for (let row = 0; row < split.length; row++) if (split[row] === undecided) split[row] = splitCodes.train;
  if (split.includes(splitCodes.dev)) return;
  const trainRows = split.reduce((count, code) => count + Number(code === splitCodes.train), 0);
  take(built, splitCodes.dev, Math.min(largestDevFromTrain, Math.floor(trainRows * share)), seed, log);
  warnWithoutDev(split, log);
}

/** The splits that the data gives and no other (in place): what is left open is train. */
export function keepGiven({ rows: { split } }: Built): void {
  const open = !split.includes(splitCodes.train) && !split.includes(undecided);
  for (let row = 0; row < split.length; row++)
    if (open || split[row] === undecided) split[row] = splitCodes.train;
}

/** Nothing then shows whether the model does well on what it has not seen. */
function warnWithoutDev(split: Int32Array, log: ProblemLog): void {
  if (split.includes(splitCodes.dev)) return;
  const hasTest = split.includes(splitCodes.test);
  const rows = split.reduce((count, code) => count + Number(code === splitCodes.train), 0);
  const message = hasTest
    ? `${countOf(rows, 'training row')}: too few, or too alike, to set a dev split aside; which weights are best is judged by the training rows themselves`
    : `${countOf(rows, 'row')}: too few, or too alike, to set a dev or test split aside; metrics are of the training rows themselves`;
  log.add('warning', 'no-dev', message, { count: rows });
}

/** Moves about `target` rows of train to the split `code`. */
function take(built: Built, code: number, target: number, seed: number, log: ProblemLog): void {
  if (target < 1) return;
  const name = code === splitCodes.dev ? 'dev' : 'test';
  const moved = choose(built, target, seed, name, log);
  if (moved.length === 0) return;
  for (const row of moved) built.rows.split[row] = code;
  const message = `${countOf(moved.length, 'row')} of train set aside for ${name}, as no such split is given (seed ${seed})`;
  log.add('info', 'cut-split', message, { key: name, count: moved.length });
}

function choose(built: Built, target: number, seed: number, name: string, log: ProblemLog): number[] {
  const { rows, layout } = built;
  const train: number[] = [];
  rows.split.forEach((code, row) => {
    if (code === splitCodes.train) train.push(row);
  });
  if (layout === 'interactions') return holdOut(built, train, target, seed, name);
  if (rows.type === 'members') return takeStratified(built, train, target, seed, name);
  const linked = linkedTestRows(built);
  if (linked.share >= linkedFrom) {
    const message =
      `${linked.count} of ${countOf(linked.of, 'row')} of the given test split share a text with train, so the ${name} split was ` +
      'cut alike, row by row: a dev set of unseen texts only would say little about this test';
    log.add('info', 'linked-test', message, { key: name });
    return takeGroups(train, (row) => row, target, seed, name);
  }
  for (const withNegatives of [true, false]) {
    const taken = takeGroups(train, pairGroups(built, withNegatives), target, seed, name);
    if (taken.length >= target / 2) return taken;
  }
  const message = `nearly all rows are linked by equal texts, so the ${name} split was cut row by row: some of its texts are also in train`;
  log.add('warning', 'linked-rows', message, { key: name });
  return takeGroups(train, (row) => row, target, seed, name);
}

/** How many rows of a given test split have a text that train has too. */
function linkedTestRows({ rows, items }: Built): { count: number; of: number; share: number } {
  const inTrain = new Uint8Array(items.count);
  const textsOf = (row: number): number[] => [rows.first[row] as number, rows.second[row] as number];
  rows.split.forEach((code, row) => {
    if (code === splitCodes.train) for (const item of textsOf(row)) inTrain[item] = 1;
  });
  let [count, of] = [0, 0];
  rows.split.forEach((code, row) => {
    if (code !== splitCodes.test) return;
    of++;
    if (textsOf(row).some((item) => inTrain[item] === 1)) count++;
  });
  return { count, of, share: of === 0 ? 0 : count / of };
}

/** Rows that share a text, directly or through others, are one group. */
function pairGroups({ rows, items }: Built, withNegatives: boolean): (row: number) => number {
  const sets = new DisjointSets(items.count);
  const width = withNegatives ? rows.negativesPerRow : 0;
  for (let row = 0; row < rows.first.length; row++) {
    const first = rows.first[row] as number;
    sets.join(first, rows.second[row] as number);
    for (let k = 0; k < width; k++) {
      const negative = rows.negatives[row * width + k] as number;
      if (negative >= 0) sets.join(first, negative);
    }
  }
  return (row) => sets.find(rows.first[row] as number);
}

/** Takes whole groups in a seeded order until there are `target` rows; groups too large for what is left are passed over. */
function takeGroups(
  rows: readonly number[],
  groupOf: (row: number) => number,
  target: number,
  seed: number,
  name: string,
): number[] {
  const taken: number[] = [];
  for (const group of shuffledGroups(rows, groupOf, seed, name)) {
    if (taken.length + group.length <= target) taken.push(...group);
    if (taken.length >= target) break;
  }
  return taken;
}

function shuffledGroups(
  rows: readonly number[],
  groupOf: (row: number) => number,
  seed: number,
  name: string,
): number[][] {
  const groups = new Map<number, number[]>();
  for (const row of rows) append(groups, groupOf(row), row);
  const list = [...groups.values()];
  const order = shuffle(
    Int32Array.from(list, (_, i) => i),
    random(seed, `cut ${name}`),
  );
  return Array.from(order, (i) => list[i] as number[]);
}

/** Takes about the same share of every label; at least two items of each stay in train. */
function takeStratified(
  built: Built,
  train: readonly number[],
  target: number,
  seed: number,
  name: string,
): number[] {
  const { items, rows } = built;
  const same = equalItems(built.items);
  const labelOf = (row: number): number => items.label[rows.first[row] as number] as number;
  const sizes = new Map<number, number>();
  for (const row of train) sizes.set(labelOf(row), (sizes.get(labelOf(row)) ?? 0) + 1);
  const quota = new Map<number, number>();
  let carried = 0;
  for (const [label, size] of [...sizes].sort(([a], [b]) => a - b)) {
    // The fractions add up from label to label, so that the quotas sum to the target.
    carried += (target * size) / train.length;
    const whole = Math.max(0, Math.min(Math.round(carried), size - 2));
    quota.set(label, whole);
    carried -= whole;
  }
  const taken: number[] = [];
  for (const group of shuffledGroups(train, (row) => same(rows.first[row] as number), seed, name)) {
    const label = labelOf(group[0] as number);
    const left = quota.get(label) ?? 0;
    if (group.length > left) continue;
    taken.push(...group);
    quota.set(label, left - group.length);
  }
  return taken;
}
