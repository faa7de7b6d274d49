import type { SplitName } from '../../protocol/dataset';
import type { Dataset } from '../data/dataset';
import { type KnownPositives, knownPositives } from '../data/positives';
import { append, concat } from '../lists';
import type { Masks } from '../objective/batch-loss';
import type { BatchItems } from './items';

/** Knows which items belong together in a split, and hides them from each other inside a batch. */
export class FalseNegatives {
  private readonly label: Int32Array;
  private readonly known: KnownPositives;
  /** Pairs that the user called the same. */
  private readonly same: KnownPositives | undefined;

  constructor(dataset: Dataset, split: SplitName) {
    this.label = dataset.items.label;
    this.known = knownPositives(dataset, split);
    this.same = split === 'train' ? dataset.marked?.same : undefined;
  }

  masks({ query, positive, negatives }: BatchItems): Masks {
    const rows = query.length;
    const forward = this.between(query, [positive, negatives], rows);
    const reverse = this.between(positive, [query], rows);
    return { ...(forward && { forward }), ...(reverse && { reverse }) };
  }

  /** The row's own answer is column `row`; it is never hidden. A missing candidate (-1) is hidden from every row. */
  private between(from: Int32Array, to: readonly Int32Array[], rows: number): Float32Array | undefined {
    const candidates = concat(to);
    const width = candidates.length;
    const places = new Columns(candidates, this.label);
    let mask: Float32Array | undefined;
    for (let row = 0; row < rows; row++) {
      const hide = (columns: readonly number[] | undefined): void => {
        for (const column of columns ?? []) {
          if (column === row) continue;
          mask ??= new Float32Array(rows * width);
          mask[row * width + column] = 1;
        }
      };
      const asking = from[row] as number;
      hide(places.missing);
      const answer = candidates[row] as number;
      hide(places.ofItem.get(asking));
      hide(places.ofItem.get(answer));
      for (const partner of this.known.of(asking)) hide(places.ofItem.get(partner));
      for (const one of this.same ? [asking, answer] : [])
        for (const partner of this.same?.of(one) ?? []) hide(places.ofItem.get(partner));
      const label = this.label[asking] as number;
      if (label >= 0) hide(places.ofLabel.get(label));
    }
    return mask;
  }
}

/** Where in a batch an item, or a label, is found. */
class Columns {
  readonly ofItem = new Map<number, number[]>();
  readonly ofLabel = new Map<number, number[]>();
  readonly missing: number[] = [];

  constructor(candidates: Int32Array, label: Int32Array) {
    for (const [column, item] of candidates.entries()) {
      if (item < 0) this.missing.push(column);
      else append(this.ofItem, item, column);
      const own = item < 0 ? -1 : (label[item] as number);
      if (own >= 0) append(this.ofLabel, own, column);
    }
  }
}
