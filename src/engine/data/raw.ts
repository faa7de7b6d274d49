import type { Layout } from '../../protocol/dataset';
import type { Items } from './dataset';

/**
 * The relations of a data set as they were read, before they are divided into splits: row `r` of every column is one
 * relation. `split` holds `splitCodes`, or `undecided`.
 */
export interface RawRows {
  readonly type: 'pairs' | 'scored' | 'members';
  readonly first: Int32Array;
  /** Empty for members. */
  readonly second: Int32Array;
  /** Row-major `[rows, negativesPerRow]`, -1 where a row has fewer. */
  readonly negatives: Int32Array;
  readonly negativesPerRow: number;
  /** Only filled for scored pairs. */
  readonly score: Float32Array;
  readonly split: Int32Array;
  readonly file: Int32Array;
  /** 1-based physical line; 0 where the whole file is the row. */
  readonly line: Int32Array;
}

/** What a builder makes of rows. */
export interface Built {
  readonly layout: Layout;
  readonly items: Items;
  readonly labels: readonly string[];
  readonly rows: RawRows;
  /** Only for interactions with a time column: when each row happened (any increasing number). */
  readonly time?: Float64Array;
}

/** Where a row comes from. */
export interface Origin {
  /** Index into the list of files. */
  readonly file: number;
  readonly name: string;
  readonly split: number;
}
