import type { ColumnMapping, ItemKind, Layout, Problem, SplitName } from '../../protocol/dataset';
import type { KnownPositives } from './positives';

/**
 * Everything that can be embedded, each thing once however often it occurs, in columns: item `i` is row `i` of each.
 * Texts are one item when they are equal to the letter; images are one item per file; vectors one per row; ids one per id.
 */
export interface Items {
  readonly kind: ItemKind;
  readonly count: number;
  /** text: the text; image: its path relative to the dataset root, with `/`; id: the id as written; vector: ''. */
  readonly content: readonly string[];
  /** Only for vectors: row-major `[count, width]`, float32, as in the file (not scaled). */
  readonly vectors?: { readonly data: Float32Array; readonly width: number };
  /** Only for images: row-major `[count, size, size, channels]`, decoded once, resized to the common size. */
  readonly pixels?: { readonly data: Uint8Array; readonly size: number; readonly channels: 1 | 3 };
  /** Index into `Dataset.labels`, -1 where there is none. */
  readonly label: Int32Array;
  /** Index into `Dataset.files`: where the item was first seen. */
  readonly file: Int32Array;
  /** 1-based physical line of that first sight; 0 where the whole file is the item. */
  readonly line: Int32Array;
  /** Only for interactions: 0 = user, 1 = item. A user and an item with the same id are two items. */
  readonly side?: Uint8Array;
}

/** Row `r` says: `anchor[r]` and `positive[r]` belong together, and none of its negatives does. Values are item indices. */
export interface PairRelations {
  readonly type: 'pairs';
  readonly anchor: Int32Array;
  readonly positive: Int32Array;
  /** Row-major `[rows, negativesPerRow]`, -1 where a row has fewer. */
  readonly negatives: Int32Array;
  readonly negativesPerRow: number;
}

/** Row `r`: how alike `first[r]` and `second[r]` are, on the scale of the file. */
export interface ScoredRelations {
  readonly type: 'scored';
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly score: Float32Array;
}

/** Labelled items, or items whose positive is a view of themselves: the relation is in `Items.label`, or in the item alone. */
export interface MemberRelations {
  readonly type: 'members';
  readonly item: Int32Array;
}

export type Relations = PairRelations | ScoredRelations | MemberRelations;

export interface Split {
  /** Distinct items of this split, ascending. */
  readonly items: Int32Array;
  readonly relations: Relations;
}

/** A folder, read once and never written: items, and per split the relations between them. */
export interface Dataset {
  /** Absolute path of the folder (of the file's folder, where a single file was given). */
  readonly root: string;
  readonly layout: Layout;
  readonly items: Items;
  /** Label names; labels are texts (`007` and `7` are two). */
  readonly labels: readonly string[];
  /** Files that were read, relative to root, with `/`. */
  readonly files: readonly string[];
  /** `train` is always there; a dataset that can be trained on also has `dev`. `test` only where the data has, or allows, one. */
  readonly splits: ReadonlyMap<SplitName, Split>;
  readonly columns: ColumnMapping;
  readonly problems: readonly Problem[];
  /** Only for scored pairs: from this score on, a pair is a positive. */
  readonly positiveThreshold?: number;
  /** SHA-256 (hex) over relative paths, sizes and contents of the files read. */
  readonly fingerprint: string;
  /** What the user said of pairs of items; only training goes by it, so that the figures of runs compare. */
  readonly marked?: MarkedPairs;
}

/** Pairs that the user called the same, or different; values are item indices. */
export interface MarkedPairs {
  readonly same: KnownPositives;
  readonly different: KnownPositives;
  /** Marks on items that the data does not have. */
  readonly unknown: number;
  /** Lines of the marks' file that are none. */
  readonly unreadable: readonly number[];
}

/** Where an item was first seen; `line` is 0 where the whole file is the item. */
export function placeOf({ items, files }: Dataset, item: number): { file: string; line: number } {
  return { file: files[items.file[item] as number] as string, line: items.line[item] as number };
}

/** The same for a message: `train.csv:17`, or the file alone. */
export function placeName(dataset: Dataset, item: number): string {
  const { file, line } = placeOf(dataset, item);
  return line > 0 ? `${file}:${line}` : file;
}

export function relationCount(relations: Relations): number {
  switch (relations.type) {
    case 'pairs':
      return relations.anchor.length;
    case 'scored':
      return relations.first.length;
    case 'members':
      return relations.item.length;
  }
}
