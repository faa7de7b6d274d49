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
  const shared = frequency(rows)
    .filter((times) => times > 1)
    .sort()
    .reverse();
  const leftOut = (batches: number): number => {
    let sum = 0;
    for (const times of shared) {
      if (times <= batches) break;
      sum += times - batches;
    }
    return sum;
  };
  const allowed = Math.floor(leftOutShare * count);
  let low = Math.max(1, Math.ceil(count / batchSize));
  let high = Math.max(low, shared[0] ?? 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (leftOut(middle) <= allowed) high = middle;
    else low = middle + 1;
  }
  // Below two rows a batch has no negatives.
  return Math.max(1, Math.min(low, Math.floor(count / 2)));
}

export interface Plan {
  readonly batches: readonly Int32Array[];
  /** Rows whose item is in every batch already; the shuffle gives others their turn in the next epoch. */
  readonly leftOut: number;
}

/** Deals the rows into `batches` batches of nearly equal size, none with two rows that share an item. */
export function planBatches(rows: EpochRows, batches: number, source: Random): Plan {
  const count = rows.anchor.length;
  const times = frequency(rows);
  const order = shuffle(
    Int32Array.from({ length: count }, (_, row) => row),
    source,
  );
  const table = new DealingTable(batches, Math.ceil(count / batches), source.below(batches));
  // Rows of the most frequent items first, while every batch is still free of them.
  const most = Int32Array.from({ length: count }, (_, row) => largest(rows, row, times));
  const linked = order.filter((row) => (most[row] as number) > 1);
  const byFrequency = Array.from(linked).sort((a, b) => (most[b] as number) - (most[a] as number));
  let leftOut = 0;
  for (const row of byFrequency) {
    const shared = itemsOf(rows, row).filter((item) => (times[item] as number) > 1);
    if (!table.deal(row, shared)) leftOut++;
  }
  for (const row of order) if (most[row] === 1) table.deal(row, []);
  const full = table.batches.filter((batch) => batch.length > 1);
  leftOut += table.batches.filter((batch) => batch.length === 1).length;
  const turns = shuffle(Int32Array.from(full.keys()), source);
  return { batches: Array.from(turns, (at) => Int32Array.from(full[at] as number[])), leftOut };
}

/** Gives each row to the next batch in turn that has room and none of its items. */
class DealingTable {
  readonly batches: number[][];
  private readonly inside: Set<number>[];
  /** In how many batches an item is. */
  private readonly placed = new Map<number, number>();

  constructor(
    count: number,
    private readonly capacity: number,
    private turn: number,
  ) {
    this.batches = Array.from({ length: count }, () => []);
    this.inside = Array.from({ length: count }, () => new Set());
  }

  deal(row: number, shared: readonly number[]): boolean {
    const everywhere = this.batches.length;
    if (shared.some((item) => this.placed.get(item) === everywhere)) return false;
    for (let tries = 0; tries < this.batches.length; tries++) {
      const batch = this.batches[this.turn] as number[];
      const inside = this.inside[this.turn] as Set<number>;
      this.turn = (this.turn + 1) % this.batches.length;
      if (batch.length >= this.capacity || shared.some((item) => inside.has(item))) continue;
      batch.push(row);
      for (const item of shared) {
        inside.add(item);
        this.placed.set(item, (this.placed.get(item) ?? 0) + 1);
      }
      return true;
    }
    return false;
  }
}

/** The distinct items of a row. */
function itemsOf({ anchor, positive, negatives, negativesPerRow }: EpochRows, row: number): number[] {
  const items = [anchor[row] as number];
  const add = (item: number): void => {
    if (item >= 0 && !items.includes(item)) items.push(item);
  };
  add(positive[row] as number);
  for (let at = row * negativesPerRow; at < (row + 1) * negativesPerRow; at++) add(negatives[at] as number);
  return items;
}

/** In how many rows each item occurs, by item. */
function frequency(rows: EpochRows): Int32Array {
  let last = -1;
  for (const items of [rows.anchor, rows.positive, rows.negatives])
    for (const item of items) if (item > last) last = item;
  const times = new Int32Array(last + 1);
  for (let row = 0; row < rows.anchor.length; row++)
    for (const item of itemsOf(rows, row)) times[item] = (times[item] as number) + 1;
  return times;
}

/** How often the most frequent item of a row occurs. */
function largest(rows: EpochRows, row: number, times: Int32Array): number {
  return Math.max(...itemsOf(rows, row).map((item) => times[item] as number));
}
