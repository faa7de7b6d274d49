import { Int32Column } from './growable';
import { mostDistinct, tooMany } from './interner';
import type { Origin, RawRows } from './raw';

const nothing = new Int32Array(0);

/** The columns that rows of every kind have. */
export class RowColumns {
  private readonly first = new Int32Column();
  private readonly split = new Int32Column();
  private readonly file = new Int32Column();
  private readonly line = new Int32Column();

  add(first: number, origin: Origin, line: number): void {
    if (this.first.length === mostDistinct) throw tooMany('rows');
    this.first.push(first);
    this.split.push(origin.split);
    this.file.push(origin.file);
    this.line.push(line);
  }

  /** Rows of single items, or, with `more`, of pairs. */
  finish(type: RawRows['type'], more: Partial<RawRows> = {}): RawRows {
    return {
      type,
      first: this.first.view(),
      second: nothing,
      negatives: nothing,
      negativesPerRow: 0,
      score: new Float32Array(0),
      split: this.split.view(),
      file: this.file.view(),
      line: this.line.view(),
      ...more,
    };
  }
}
