import type { Disposable, Event, ExtensionContext, LogOutputChannel, Uri } from 'vscode';
import type { Query } from '../protocol/explore';
import type { RunHead, ViewName } from '../protocol/panel';

/**
 * Names a run. A job that waits or starts has an id of its own until its run folder exists; from then on its head carries
 * the run's id, and both ids name it for as long as the window lives.
 */
export interface RunRef {
  readonly id: string;
  /** The run folder, absolute; absent while there is none. */
  readonly path?: string;
}

/** The runs of the workspace, and the jobs of this window. Facts that change every step are read from the run folder instead. */
export interface Runs {
  /** Those that wait, the next one first; then what is being trained; then the newest. */
  list(): readonly RunHead[];
  /** The newest that is known; `head.run` differs from `id` once a job has its folder. */
  get(id: string): RunHead | undefined;
  /** Absolute. */
  folderOf(id: string): string | undefined;
  /** The dataset, absolute: a folder, or a single data file. */
  datasetOf(id: string): string | undefined;
  /** The ids of runs that were added, changed or removed; of a job that has its folder, both. */
  readonly onDidChange: Event<readonly string[]>;
  /** Takes in a run folder wherever it lies, and reads it anew. @throws UserError where it is no run. */
  add(folder: string): Promise<RunRef>;
  /**
   * Finds again what a panel showed before its window was loaded anew: a run by its folder, or one that waits by its id.
   * @throws UserError where it is no longer there.
   */
  reopen(place: string): Promise<RunRef>;
  /** Asks the process that trains it to stop, whoever started it, or takes it out of the queue. Settles when it has ended. */
  stop(id: string): Promise<void>;
  /** Queues the rest of its training. @throws UserError where there is nothing left to train. */
  resume(id: string): Promise<RunRef>;
  /** Queues a new run on the same data with the same settings. */
  again(id: string): Promise<RunRef>;
}

/** What forked programs compute with. */
export type NativeState =
  | { readonly backend: 'native'; readonly library: string }
  /** `because` is a sentence for the user. */
  | { readonly backend: 'javascript'; readonly because: string };

/** Native TensorFlow for forked programs: found, set up once, or refused. */
export interface Native extends Disposable {
  /** The last known state; undefined before it was looked for. */
  readonly state: NativeState | undefined;
  readonly onDidChange: Event<NativeState>;
  /** Looks for the library, and at first use asks whether to set it up; settles when programs can be forked. */
  ready(): Promise<NativeState>;
  /** What the environment of a forked program needs in addition. */
  environment(): Readonly<Record<string, string>>;
  /** Sets it up because the user wishes so, whatever was answered before. */
  setUp(): Promise<void>;
}

/** What the panels need. */
export interface PanelContext {
  readonly extension: ExtensionContext;
  readonly runs: Runs;
  readonly native: Native;
  readonly log: LogOutputChannel;
}

export interface OpenOptions {
  /** In a column beside the active editor. */
  readonly beside?: boolean;
  readonly view?: ViewName;
  /** Looked up at once. */
  readonly query?: Query;
}

export interface Panels extends Disposable {
  /** One panel a run: an open one is shown again. */
  open(run: RunRef, options?: OpenOptions): Promise<void>;
  openCompare(runs: readonly RunRef[]): Promise<void>;
  /** The run whose panel has the focus, for commands from the palette. */
  readonly active: RunRef | undefined;
}

/** A file or folder as VS Code hands it to a command from a context menu: the one clicked on, and all selected. */
export type Clicked = readonly [clicked?: Uri, selected?: readonly Uri[]];
