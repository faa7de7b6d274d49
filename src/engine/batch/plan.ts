import { type Random, shuffle } from '../random';

/** Rows of one epoch: anchor and positive of each, and the negatives given for it (-1 where it has fewer). */
export interface EpochRows {
  readonly anchor: Int32Array;
  readonly positive: Int32Array;
  /** Row-major [rows, negativesPerRow]. */
  readonly negatives: Int32Array;
  readonly negativesPerRow: number;
}

/** At most this share of the rows may be left out of an epoch because their items are in every batch already. */
const leftOutShare = 0.05;

/**
 * How many batches an epoch needs so that rows which share an item can be kept apart. An item that occurs in more rows
 * than there are batches forces rows out; more, smaller batches keep them. Known before step 1.
 */
export function batchCount(rows: EpochRows, batchSize: number): number {
  const count = rows.anchor.length;
  const frequencies = [...frequency(rows).values()].filter((times) => times > 1).sort((a, b) => b - a);
  const allowed = Math.floor(leftOutShare * count);
  let batches = Math.max(1, Math.ceil(count / batchSize));
  const leftOut = (limit: number): number => {
    let sum = 0;
    for (const times of frequencies) {
      if (times <= limit) break;
      sum += times - limit;
    }
    return sum;
  };
  let high = Math.max(batches, frequencies[0] ?? 1);
  if (leftOut(batches) <= allowed) return batches;
  while (batches < high) {
    const middle = (batches + high) >> 1;
    if (leftOut(middle) <= allowed) high = middle;
    else batches = middle + 1;
  }
  // Below two rows a batch has no negatives.
  return Math.max(1, Math.min(batches, Math.floor(count / 2)));
}

/**
 * Deals the rows into `batches` batches of nearly equal size, none with two rows that share an item. Rows whose item is
 * in every batch already are left out (`leftOut` counts them); the shuffle gives others their turn in the next epoch.
 */
export function planBatches(
  rows: EpochRows,
  batches: number,
  source: Random,
): { readonly batches: Int32Array[]; readonly leftOut: number } {
  const count = rows.anchor.length;
  const times = frequency(rows);
  const order = shuffle(
    Int32Array.from({ length: count }, (_, row) => row),
    source,
  );
  // Rows of the most frequent items first, while every batch is still free of them.
  const rank = Float64Array.from(order, (row) => heaviest(rows, row, times));
  const sorted = Array.from(order.keys())
    .sort((a, b) => (rank[b] as number) - (rank[a] as number) || a - b)
    .map((at) => order[at] as number);

  const capacity = Math.ceil(count / batches);
  const dealt: number[][] = Array.from({ length: batches }, () => []);
  const taken: Set<number>[] = Array.from({ length: batches }, () => new Set());
  let leftOut = 0;
  let turn = source.below(batches);
  for (const row of sorted) {
    const shared = itemsOf(rows, row).filter((item) => (times.get(item) as number) > 1);
    let tries = 0;
    while (tries < batches) {
      const batch = dealt[turn] as number[];
      const inside = taken[turn] as Set<number>;
      if (batch.length < capacity && !shared.some((item) => inside.has(item))) {
        batch.push(row);
        for (const item of shared) inside.add(item);
        break;
      }
      turn = (turn + 1) % batches;
      tries++;
    }
    if (tries === batches) leftOut++;
    turn = (turn + 1) % batches;
  }
  const full = dealt.filter((batch) => batch.length > 1);
  leftOut += dealt.filter((batch) => batch.length === 1).length;
  const batchOrder = shuffle(Int32Array.from(full.keys()), source);
  return { batches: Array.from(batchOrder, (at) => Int32Array.from(full[at] as number[])), leftOut };
}

/** The distinct items of a row. */
function itemsOf(rows: EpochRows, row: number): number[] {
  const { anchor, positive, negatives, negativesPerRow } = rows;
  const items = new Set([anchor[row] as number, positive[row] as number]);
  for (let i = row * negativesPerRow; i < (row + 1) * negativesPerRow; i++) {
    const item = negatives[i] as number;
    if (item >= 0) items.add(item);
  }
  return [...items];
}

function frequency(rows: EpochRows): Map<number, number> {
  const times = new Map<number, number>();
  for (let row = 0; row < rows.anchor.length; row++)
    for (const item of itemsOf(rows, row)) times.set(item, (times.get(item) ?? 0) + 1);
  return times;
}

function heaviest(rows: EpochRows, row: number, times: ReadonlyMap<number, number>): number {
  return Math.max(...itemsOf(rows, row).map((item) => times.get(item) as number));
}
