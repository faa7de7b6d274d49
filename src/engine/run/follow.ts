import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { EvaluationView } from '../../protocol/panel';
import type { RunRecord, RunState } from '../../protocol/run';
import { isMissing } from './files';
import { RunFolder } from './folder';
import { LogRows } from './log-rows';
import { LogTail } from './log-tail';
import { readHistogram } from './snapshot-file';
import type { Steps } from './step-buffer';

/** What is new since the last look at a run. */
export interface FollowChange {
  /** False while there is no run: its folder is not there, no longer there, or has no `run.json` yet. */
  readonly present: boolean;
  /** All that was told of steps and evaluations before is void: what follows begins at the run's start. */
  readonly reset: boolean;
  /** The record, where it is new or changed. */
  readonly record?: RunRecord;
  /** The state to show (`interrupted` where nobody holds a run that says `running`), where it changed. */
  readonly state?: RunState;
  /** In order, each step once; absent where there are no new ones. */
  readonly steps?: Steps;
  /** In order, each step once. */
  readonly evaluations: readonly EvaluationView[];
}

/**
 * Follows one run by its folder, whoever writes it: each `poll` reads what was appended to the log and looks whether the
 * record changed. Nothing is read twice, except after a resume that took steps back. Keeps no file open and no timer.
 */
export class RunFollower {
  readonly #tail: LogTail;
  readonly #rows = new LogRows();
  #run: RunFolder | undefined;
  #seen = '';
  #state: RunState | undefined;
  /** A look has failed half-way: the next one tells everything again. */
  #failed = false;

  /** @param folder the run's, absolute. */
  constructor(readonly folder: string) {
    this.#tail = new LogTail(path.join(folder, 'metrics.jsonl'));
  }

  /**
   * One look; the next only after this one is answered.
   * @throws UserError where the run cannot be read: damaged, of a newer version, not permitted.
   */
  async poll(): Promise<FollowChange> {
    try {
      const change = await this.#poll();
      const reset = change.reset || this.#failed;
      this.#failed = false;
      return { ...change, reset };
    } catch (error) {
      this.#forget();
      this.#failed = true;
      throw error;
    }
  }

  async #poll(): Promise<FollowChange> {
    // The record first: when it says that the run has ended, the log is whole.
    const head = await this.#look();
    if (head === undefined) {
      const reset = this.#run !== undefined;
      this.#forget();
      return { present: false, reset, evaluations: [] };
    }
    let reset = false;
    const read = async (): Promise<boolean> => {
      const replaced = (): void => {
        this.#rows.clear();
        reset = true;
      };
      for await (const lines of this.#tail.pieces(replaced)) {
        for (const line of lines) if (!this.#rows.add(line)) return false;
      }
      return true;
    };
    if (!(await read())) {
      // A resumed run took back steps that were told: all again, which is told in one piece.
      this.#tail.rewind();
      this.#rows.clear();
      reset = true;
      await read();
    }
    const { steps, evaluations } = this.#rows.take();
    const views: EvaluationView[] = [];
    for (const view of evaluations) {
      const histogram = await readHistogram(this.folder, view.step);
      views.push(histogram ? { ...view, histogram } : view);
    }
    return { present: true, reset, ...head, ...(steps && { steps }), evaluations: views };
  }

  /** What changed of record and state; undefined where there is no run. */
  async #look(): Promise<Pick<FollowChange, 'record' | 'state'> | undefined> {
    try {
      const { ino, size, mtimeMs } = await stat(path.join(this.folder, 'run.json'));
      const seen = `${ino} ${size} ${mtimeMs}`;
      const changed = seen !== this.#seen;
      if (changed || this.#run === undefined) this.#run = await RunFolder.open(this.folder);
      const state = await this.#run.state();
      const told = { ...(changed && { record: this.#run.record }), ...(state !== this.#state && { state }) };
      this.#seen = seen;
      this.#state = state;
      return told;
    } catch (error) {
      const cause = error instanceof Error && 'code' in error && error.code === 'no-run';
      if (cause || isMissing(error)) return undefined;
      throw error;
    }
  }

  #forget(): void {
    this.#run = undefined;
    this.#seen = '';
    this.#state = undefined;
    this.#tail.rewind();
    this.#rows.clear();
  }
}
