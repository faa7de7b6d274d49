import type { ItemKind, SplitName } from './dataset';

/**
 * Questions about one run, which its explorer process answers: the page asks the host, the host passes them on with the
 * run's folder. Rows of `items.jsonl` name items throughout ("row").
 */
export const exploreProtocol = 1;

/** A place on the run's time line: the step of an evaluation, or the saved model with all items embedded. */
export type Position = number | 'final';

/** One item as it is shown; id and content are cut to `contentLimit` characters, the label to `labelLimit`. */
export interface ItemView {
  readonly row: number;
  readonly id: string;
  readonly content?: string;
  readonly label?: string;
  readonly split?: SplitName;
  /** Relative to the dataset. */
  readonly file?: string;
  readonly line?: number;
  /** An image, relative to the dataset. */
  readonly path?: string;
  /** Put in by the host: an address of the image that the page may load. */
  readonly image?: string;
  /** Something of it is cut: its source has all. */
  readonly cut?: true;
}
export const contentLimit = 400;
export const labelLimit = 200;
/** No file has a longer name than this, in characters. */
export const placeLimit = 4096;

/** A label of the run. Among its labels it goes by its place, as its name may be of any length. */
export interface LabelView {
  readonly place: number;
  readonly name: string;
  readonly items: number;
}

export interface RunItems {
  readonly kind: ItemKind;
  readonly items: number;
  /** By their places: the most frequent ones, each cut to `labelLimit` characters, as many as a message holds … */
  readonly labels: readonly string[];
  /** … of so many. */
  readonly labelsOf: number;
  /** Steps of the snapshots. */
  readonly snapshots: readonly number[];
  /** Whether the trained model and the embeddings of every item are there. */
  readonly final: boolean;
}

export type Query =
  | { readonly row: number }
  | { readonly text: string }
  /** Absolute path. */
  | { readonly image: string };

export interface NeighbourQuery {
  readonly query: Query;
  readonly k: number;
  readonly at: Position;
  /** Its name in full, or its place among the run's labels. */
  readonly label?: string | number;
  readonly split?: SplitName;
  /** Also tell what entered and left the list since then: another position of this run, or another run's final model. */
  readonly since?: { readonly at: Position } | { readonly run: string };
}

export interface NeighbourRow extends ItemView {
  readonly rank: number;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
  /** With `since`: not in the earlier list. */
  readonly entered?: boolean;
}

export interface NeighbourAnswer {
  /** The item asked about, where it is one. */
  readonly query?: ItemView;
  readonly rows: readonly NeighbourRow[];
  /** With `since`: in the earlier list and no longer in this one, at their earlier rank. */
  readonly left?: readonly NeighbourRow[];
  /** Where the answer is from, in words: `step 120 (2,000 of 13,083 items kept)`. */
  readonly source: string;
  /** Candidates looked at, of those there are. */
  readonly searched: number;
  readonly of: number;
  /** Something that the user should know: nothing in the query is known to the model, say. */
  readonly note?: string;
}

export const pairKinds = ['hardest-positives', 'hardest-negatives', 'false-negatives'] as const;
export type PairKind = (typeof pairKinds)[number];

/** What the user says of a pair; kept beside the dataset, read by the next run. */
export type PairMark = 'same' | 'different';

export interface PairQuery {
  readonly kind: PairKind;
  readonly at: Position;
  readonly limit: number;
}

export interface PairRow {
  readonly first: ItemView;
  readonly second: ItemView;
  readonly similarity: number;
  readonly mark?: PairMark;
  /** Of a suspected false negative: `duplicate` (cosine above 0.99) or `close` (above the positives' median). */
  readonly reason?: 'duplicate' | 'close';
}

export interface PairAnswer {
  readonly rows: readonly PairRow[];
  /** Pairs found in all, of which `rows` are the first. */
  readonly found: number;
  readonly source: string;
  /** Queries looked at, of those there are. */
  readonly searched: number;
  readonly of: number;
  readonly positivesMedian?: number;
}

export const mapMethods = ['pca', 'umap'] as const;
export type MapMethod = (typeof mapMethods)[number];

export interface MapQuery {
  readonly at: Position;
  readonly method: MapMethod;
  /** Fits the axes anew at this position; else they stay as first fitted, so that movement is learning. */
  readonly refit?: boolean;
}

export interface MapAnswer {
  /** Names the points for `mapPoints`; valid until the next `map` of the same method. */
  readonly map: number;
  readonly points: number;
  /** Items of the run. */
  readonly of: number;
  /** PCA: share of the variance at this position that the two axes keep, 0 to 1. */
  readonly varianceKept?: number;
  /** Where the axes were fitted, in words. */
  readonly fitted: string;
  readonly source: string;
  /** As in `RunItems`. */
  readonly labels: readonly string[];
  readonly labelsOf: number;
}

/** At most `mapPointsLimit` points from `from` on. */
export interface MapPoints {
  /** Two a point. */
  readonly xy: Float32Array;
  readonly row: Int32Array;
  /** Index into `labels`, `otherLabel` for one that is not among them, `noLabel` for none. */
  readonly label: Uint16Array;
}
export const otherLabel = 65_534;
export const noLabel = 65_535;
export const mapPointsLimit = 16_384;

/** host → explorer, with an answer. */
export interface ExploreRequests {
  open: { params: { readonly protocol: number; readonly run: string }; result: RunItems };
  neighbours: { params: NeighbourQuery; result: NeighbourAnswer };
  pairs: { params: PairQuery; result: PairAnswer };
  map: { params: MapQuery; result: MapAnswer };
  mapPoints: { params: { readonly map: number; readonly from: number }; result: MapPoints };
  /** Items by row; at most 200. */
  items: { params: { readonly rows: readonly number[] }; result: readonly ItemView[] };
  /** Items whose text, path or id contains the words, for a choice. */
  find: {
    params: { readonly text: string; readonly limit: number };
    result: { readonly items: readonly ItemView[]; readonly found: number };
  };
  /** Labels that contain the words, the most frequent first. */
  labels: {
    params: { readonly text: string; readonly limit: number };
    result: { readonly labels: readonly LabelView[]; readonly found: number };
  };
  /** Remembers what the user says of a pair of rows; null takes it back. */
  mark: {
    params: { readonly first: number; readonly second: number; readonly mark: PairMark | null };
    result: { readonly file: string; readonly marks: number };
  };
}

/** What may take an explorer seconds: reading the items of a large run, the first search for pairs, a UMAP. */
export const longWork = ['items', 'pairs', 'map'] as const;
export type LongWork = (typeof longWork)[number];

export interface Progress {
  readonly what: LongWork;
  readonly done: number;
  readonly total: number;
}

/** explorer → host. */
export interface ExploreFacts {
  /** How far it is, at most ten times a second each. */
  progress: Progress;
}
