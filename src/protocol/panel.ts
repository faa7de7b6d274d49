import type { InspectReport, Problem } from './dataset';
import type { ExploreRequests, ItemView, NeighbourRow, PairKind, Progress, Query } from './explore';
import type { Finding } from './health';
import type {
  Baselines,
  Choice,
  Environment,
  Failure,
  MetricName,
  Metrics,
  RunConfig,
  RunRecord,
  RunState,
} from './run';
import type { JobPhase } from './trainer';

/**
 * The whole conversation between the extension host and the panel's page. The page says `ready`, the host answers with a
 * `snapshot`, then tells what changes; a page that was hidden or reloaded takes the same path. The page wishes, the host acts.
 */
export const panelProtocol = 1;

/** The messages that go to the page are held below both: whatever a run holds, it is cut and counted where it is too much. */
export const messageLimits = { bytes: 256 * 1024, perSecond: 10 } as const;

/** A run in a list of runs, before its folder exists included. */
export interface RunHead {
  /** The run's id; every message about a run carries it. */
  readonly run: string;
  readonly name: string;
  /** `queued` and `starting`: there is no run folder yet. */
  readonly state: RunState | 'queued' | 'starting';
  /** Queued: how many runs are before it. Starting and running: what is being done. */
  readonly phase?: { readonly phase: JobPhase | 'queued'; readonly done: number; readonly total?: number };
  readonly dataset: { readonly name: string; readonly path: string };
  /** Held by a process that this window did not start. */
  readonly elsewhere: boolean;
  readonly record?: RunDetails;
  /** The pre-flight found errors (`state` is `failed` then), or has warnings. */
  readonly report?: InspectReport;
  readonly failure?: Failure;
}

/** What the record of a run says, and what follows from it. */
export interface RunDetails {
  readonly createdAt: string;
  readonly dataset: Omit<RunRecord['dataset'], 'path' | 'reading'>;
  readonly config: RunConfig;
  readonly choices: readonly Choice[];
  readonly environment: Environment;
  readonly steps: number;
  readonly parameters: number;
  readonly baselines?: Baselines;
  readonly metrics?: Metrics;
  readonly best?: RunRecord['best'];
  readonly seconds?: number;
  readonly pairsPerSecond?: number;
  /** The metric that decides, and its direction. */
  readonly criterion: { readonly metric: MetricName; readonly higherIsBetter: boolean };
  /** Loss of a model that knows nothing (ln N), and the least that this variant can reach; absent where neither is known. */
  readonly bounds?: { readonly candidates: number; readonly chance: number; readonly floor: number };
}

/** Steps one after another, a column each. They come in order, each step once; a resumed run begins with a new snapshot. */
export interface StepColumns {
  readonly run: string;
  readonly step: Int32Array;
  readonly loss: Float32Array;
  readonly learningRate: Float32Array;
  /** Since the run began, waiting while it was stopped not counted. */
  readonly seconds: Float64Array;
}

export interface EvaluationView {
  readonly step: number;
  readonly seconds: number;
  readonly metrics: Metrics;
  /** Of step 0: what the model-free baseline scores on the same split; `metrics` are then the untrained model's. */
  readonly modelFree?: Metrics;
  /** Counts of cosines in equal bins over -1 to 1. */
  readonly histogram?: { readonly positives: Uint32Array; readonly negatives: Uint32Array };
}

export const viewNames = ['loss', 'similarities', 'neighbours', 'pairs', 'map', 'health', 'compare'] as const;
export type ViewName = (typeof viewNames)[number];

export interface PanelSnapshot {
  readonly protocol: number;
  /** The editor's translations (`vscode.l10n.bundle`), where its language is not English. */
  readonly words?: Readonly<Record<string, string>>;
  /** One run with all its views, or several beside each other. */
  readonly mode: 'run' | 'compare';
  readonly runs: readonly RunHead[];
  /** Where they lie, for the page's `PanelState`; of one that has no folder yet, its id. */
  readonly folders: readonly string[];
  /** Other completed runs that the neighbours may be compared with. */
  readonly others: readonly { readonly run: string; readonly name: string }[];
  /** How many more there are than a message holds. */
  readonly othersLeftOut?: number;
  /** `steps` and `evaluations` of every run follow at once, in as many messages as it takes. */
  readonly evaluations: readonly { readonly run: string; readonly evaluations: readonly EvaluationView[] }[];
  readonly findings: readonly { readonly run: string; readonly findings: readonly Finding[] }[];
}

/** host → page. */
export interface PanelFacts {
  snapshot: PanelSnapshot;
  head: RunHead;
  steps: StepColumns;
  evaluations: { readonly run: string; readonly evaluations: readonly EvaluationView[] };
  findings: { readonly run: string; readonly findings: readonly Finding[] };
  /** Turns to a view; with a query the neighbours of it are looked up. */
  show: { readonly view: ViewName; readonly query?: Query; readonly image?: string };
  /** How far a long computation for this page is. */
  busy: Progress;
}

/** host → page, with an answer. */
export interface PanelChecks {
  /** Answered by a page that has taken in all that came before; a page that does not is sent nothing more until it does. */
  alive: { params: Record<string, never>; result: null };
}

type Asked<K extends keyof ExploreRequests> = {
  readonly params: ExploreRequests[K]['params'] & { readonly run: string };
  readonly result: ExploreRequests[K]['result'];
};

/** page → host, with an answer. A failure carries a sentence for the user. */
export type PanelRequests = {
  [K in 'neighbours' | 'pairs' | 'map' | 'mapPoints' | 'items' | 'find' | 'labels' | 'mark']: Asked<K>;
} & {
  /** Answered at once by a host that is there. */
  alive: { params: Record<string, never>; result: null };
  /** Items, labels and snapshots of the run; asked again after an evaluation. */
  explore: { params: { readonly run: string }; result: ExploreRequests['open']['result'] };
  /** Lets the user choose an image file. */
  pickImage: {
    params: { readonly run: string };
    /** `image`: an address that the page may load; absent for a large file outside the dataset. */
    result: { readonly path: string; readonly image?: string } | null;
  };
  saveNeighbours: {
    params: {
      readonly rows: readonly NeighbourRow[];
      readonly format: 'csv' | 'jsonl';
      readonly to: 'clipboard' | 'file';
    };
    result: { readonly saved: boolean };
  };
};

/** page → host. */
export interface PanelWishes {
  ready: { readonly protocol: number };
  /** Opens the item's source at its line, beside the panel. */
  reveal: { readonly run: string; readonly item: Pick<ItemView, 'file' | 'line' | 'path'> };
  revealProblem: { readonly run: string; readonly problem: Pick<Problem, 'file' | 'line'> };
  stop: { readonly run: string };
  resume: { readonly run: string };
  /** Trains on the same data again. */
  again: { readonly run: string };
  /** The two configurations in the editor's own comparison. */
  compareConfigs: { readonly left: string; readonly right: string };
  setUpNative: Record<string, never>;
  showLog: Record<string, never>;
}

/** What the page keeps over hiding and reloading: what is looked at, never data. */
export interface PanelState {
  /** `folders` of the last snapshot, by which the panel is opened again. */
  readonly folders: readonly string[];
  readonly view: ViewName;
  readonly position?: number | 'final' | 'live';
  readonly axis?: 'step' | 'epoch' | 'time';
  /** The part of the loss charts that was dragged, in units of `axis`; null: all, following what comes. */
  readonly zoom?: readonly [min: number, max: number] | null;
  readonly logScale?: boolean;
  readonly smoothing?: number;
  /** null: the one that parts best. */
  readonly threshold?: number | null;
  readonly query?: Query;
  readonly pairs?: PairKind;
}
