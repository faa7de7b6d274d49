import type { SplitName } from '../../protocol/dataset';
import type { Dataset } from '../data/dataset';
import { type KnownPositives, knownPositives } from '../data/positives';
import type { Masks } from '../objective/batch-loss';
import type { BatchItems } from './items';

/** Knows which items belong together in a split, and hides them from each other inside a batch. */
export class FalseNegatives {
  private readonly label: Int32Array;
  private readonly known: KnownPositives;

  constructor(dataset: Dataset, split: SplitName) {
    this.label = dataset.items.label;
    this.known = knownPositives(dataset, split);
  }

  masks({ query, positive, negatives }: BatchItems): Masks {
    const rows = query.length;
    const forward = this.between(query, [positive, negatives], rows);
    const reverse = this.between(positive, [query], rows);
    return { ...(forward && { forward }), ...(reverse && { reverse }) };
  }

  /** The row's own answer is column `row`; it is never hidden. */
  private between(from: Int32Array, to: readonly Int32Array[], rows: number): Float32Array | undefined {
    const width = to.reduce((sum, part) => sum + part.length, 0);
    let mask: Float32Array | undefined;
    for (let row = 0; row < rows; row++) {
      const asking = from[row] as number;
      const own = to[0]?.[row] as number;
      let column = 0;
      for (const part of to) {
        for (const candidate of part) {
          if (column !== row && (candidate < 0 || candidate === own || this.belong(asking, candidate))) {
            mask ??= new Float32Array(rows * width);
            mask[row * width + column] = 1;
          }
          column++;
        }
      }
    }
    return mask;
  }

  private belong(a: number, b: number): boolean {
    const label = this.label[a] as number;
    return a === b || (label >= 0 && label === this.label[b]) || this.known.has(a, b);
  }
}
