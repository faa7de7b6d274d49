import type { SplitName } from '../../protocol/dataset';
import type { Dataset } from './dataset';
import { positivePairs } from './scores';

/** For every item the items known to belong to it, in both directions: `partners[offsets[i] .. offsets[i + 1]]`, ascending. */
export interface KnownPositives {
  /** Length: number of items + 1. */
  readonly offsets: Int32Array;
  readonly partners: Int32Array;
  /** The partners of one item, ascending, without a copy. */
  of(item: number): Int32Array;
  has(a: number, b: number): boolean;
}

/**
 * The known positives of a split: pairs as given, scored pairs at or above the threshold. For labelled items the label
 * says it (`Items.label`), and this is empty.
 */
export function knownPositives(dataset: Dataset, split: SplitName): KnownPositives {
  const { anchor, positive } = positivePairs(dataset, split);
  return adjacency(dataset.items.count, anchor, positive);
}

/** `first[i]` and `second[i]` belong together, in both directions; values are below `count`. */
export function adjacency(count: number, first: Int32Array, second: Int32Array): KnownPositives {
  const starts = new Int32Array(count + 1);
  const bump = (item: number): void => {
    starts[item + 1] = (starts[item + 1] as number) + 1;
  };
  first.forEach(bump);
  second.forEach(bump);
  for (let i = 0; i < count; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const all = new Int32Array(first.length * 2);
  const next = starts.slice();
  const put = (item: number, partner: number): void => {
    const at = next[item] as number;
    all[at] = partner;
    next[item] = at + 1;
  };
  first.forEach((a, row) => {
    put(a, second[row] as number);
    put(second[row] as number, a);
  });
  return new Adjacency(...distinctPartners(starts, all));
}

/** Sorts each item's partners and drops repeated ones. */
function distinctPartners(starts: Int32Array, all: Int32Array): [Int32Array, Int32Array] {
  const count = starts.length - 1;
  const offsets = new Int32Array(count + 1);
  const partners = new Int32Array(all.length);
  let at = 0;
  for (let item = 0; item < count; item++) {
    const own = all.subarray(starts[item], starts[item + 1]).sort();
    own.forEach((partner, i) => {
      if (i === 0 || partner !== own[i - 1]) partners[at++] = partner;
    });
    offsets[item + 1] = at;
  }
  return [offsets, partners.slice(0, at)];
}

class Adjacency implements KnownPositives {
  constructor(
    readonly offsets: Int32Array,
    readonly partners: Int32Array,
  ) {}

  of(item: number): Int32Array {
    return this.partners.subarray(this.offsets[item], this.offsets[item + 1]);
  }

  has(a: number, b: number): boolean {
    let low = this.offsets[a] as number;
    let high = this.offsets[a + 1] as number;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.partners[middle] as number) < b) low = middle + 1;
      else high = middle;
    }
    return low < (this.offsets[a + 1] as number) && this.partners[low] === b;
  }
}
