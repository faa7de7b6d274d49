/** What a dataset folder holds, in the words that every surface uses. */
export const layouts = [
  'pairs',
  'triplets',
  'scored-pairs',
  'labelled-texts',
  'labelled-images',
  'images',
  'labelled-vectors',
  'vectors',
  'interactions',
] as const;
export type Layout = (typeof layouts)[number];

export type ItemKind = 'text' | 'image' | 'vector' | 'id';

export const splitNames = ['train', 'dev', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** One finding of the pre-flight. `file` is relative to the dataset root; `count` says how often it was found. */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'info';
  /** Stable, kebab-case: `unclosed-quote`, `leakage`, … */
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly count?: number;
}

/** What each column was taken for; several negatives keep their order. */
export interface ColumnMapping {
  readonly anchor?: string;
  readonly positive?: string;
  readonly negatives?: readonly string[];
  readonly score?: string;
  readonly text?: string;
  readonly label?: string;
  readonly vector?: readonly string[];
  readonly user?: string;
  readonly item?: string;
  readonly time?: string;
  readonly split?: string;
  /** Paths of images, relative to the folder. */
  readonly image?: string;
}

/** `infonce inspect --json`: the pre-flight of a folder. */
export interface InspectReport {
  readonly layout: Layout | null;
  readonly ready: boolean;
  readonly splits: Readonly<Partial<Record<SplitName, { items: number; relations: number }>>>;
  readonly columns: ColumnMapping;
  readonly problems: readonly Problem[];
  /** Three real rows of the training split, as the program understood them. */
  readonly examples: readonly Readonly<Record<string, string>>[];
  readonly batch?: {
    /** Rows per batch that the training will use. */
    readonly size: number;
    /** Mean number of candidates per row that are known positives of it, before masking. */
    readonly expectedFalseNegatives: number;
  };
  readonly estimate?: { readonly memoryBytes: number; readonly seconds: number; readonly steps: number };
}
