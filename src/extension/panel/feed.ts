import { details } from '../../engine/run/details';
import { RunFollower } from '../../engine/run/follow';
import { readHealth } from '../../engine/run/health';
import { failureOf } from '../../protocol/errors';
import type { Finding } from '../../protocol/health';
import type { EvaluationView, RunHead } from '../../protocol/panel';
import type { Failure, RunRecord, RunState } from '../../protocol/run';
import type { Runs } from '../types';
import { finiteDetails, finiteEvaluation } from './finite';
import { headOf } from './head';
import { StepStore } from './step-columns';

/** All that a panel shows of one run: what the list of runs says of it, and what its folder says. */
export class RunFeed {
  readonly steps = new StepStore();
  readonly evaluations: EvaluationView[] = [];
  findings: readonly Finding[] = [];
  /** Grows when all that was told of steps and evaluations is void. */
  epoch = 0;
  #head: RunHead;
  #follower: RunFollower | undefined;
  #record: RunRecord | undefined;
  #state: RunState | undefined;
  #trouble: Failure | undefined;
  #gone = false;
  #polling: Promise<boolean> | undefined;

  #id: string;

  /** @param id of a run, or of a job that will be one; known to `runs`. */
  constructor(
    id: string,
    private readonly runs: Runs,
  ) {
    this.#id = id;
    this.#head = runs.get(id) ?? unknownHead(id);
    this.refresh();
  }

  get head(): RunHead {
    return this.#head;
  }

  /** A job that was taken back before there was a run. */
  get vanished(): boolean {
    return this.#follower === undefined && this.runs.get(this.#id) === undefined;
  }

  /** Absolute; undefined while there is none. */
  get folder(): string | undefined {
    return this.#follower?.folder;
  }

  /** Whether it may change at any moment. */
  get live(): boolean {
    const { state } = this.#head;
    return state === 'running' || state === 'starting';
  }

  /** Takes over what the list of runs says. */
  refresh(): void {
    const folder = this.runs.folderOf(this.#id);
    const known = this.runs.get(this.#id) ?? this.#head;
    // From now on by the run's own id: the job is forgotten one day.
    if (folder !== undefined) {
      this.#follower ??= new RunFollower(folder);
      this.#id = known.run;
    }
    const record = this.#record && finiteDetails(details(this.#record));
    this.#head = headOf(known, {
      ...(record && { record }),
      ...(this.#state && { state: this.#state }),
      ...(this.#trouble && { trouble: this.#trouble }),
    });
  }

  /** Reads what is new in the folder; tells whether anything is. A look that is under way serves both who ask. */
  async poll(): Promise<boolean> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
    });
    return await this.#polling;
  }

  async #poll(): Promise<boolean> {
    if (this.#follower === undefined) return false;
    const before = this.#trouble?.message;
    try {
      const changed = await this.#follow(this.#follower);
      if (!changed && before === this.#trouble?.message) return false;
    } catch (error) {
      this.#trouble = failureOf(error);
      if (before === this.#trouble.message) return false;
    }
    this.refresh();
    return true;
  }

  async #follow(follower: RunFollower): Promise<boolean> {
    const { present, reset, record, state, steps, evaluations } = await follower.poll();
    // Of a run that is gone, what was read is kept; one that comes back is read from its start.
    const again = present && (reset || this.#gone);
    if (again) this.#clear();
    this.#gone = !present && this.#record !== undefined;
    this.#trouble = this.#gone ? gone(follower.folder) : undefined;
    if (record) this.#record = record;
    if (state) this.#state = state;
    if (steps) this.steps.append(steps);
    for (const evaluation of evaluations) this.evaluations.push(finiteEvaluation(evaluation));
    // Not with every step: it looks at all of them.
    if (this.#record && (again || evaluations.length > 0 || record || state)) {
      this.findings = readHealth({
        record: this.#record,
        steps: this.steps.slice(),
        evaluations: this.evaluations,
      });
    }
    return Boolean(again || record || state || steps || evaluations.length > 0);
  }

  #clear(): void {
    this.epoch++;
    this.steps.clear();
    this.evaluations.length = 0;
    this.findings = [];
  }
}

function gone(folder: string): Failure {
  return {
    code: 'run-gone',
    message: `The run folder ${folder} is no longer there: it was deleted or moved. What is shown is what was read before.`,
  };
}

function unknownHead(run: string): RunHead {
  return { run, name: run, state: 'interrupted', dataset: { name: '', path: '' }, elsewhere: false };
}
