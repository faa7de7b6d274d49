import { randomUUID } from 'node:crypto';
import { failureOf } from '../../protocol/errors';
import type { JobOutcome, TrainerFacts, TrainJob } from '../../protocol/trainer';
import type { ForkedProgram } from '../fork';
import { endOf, type Job, runFolder } from './job';
import type { Training } from './training';

export interface JobsHost {
  /** Starts a trainer. @throws where it cannot be started at all. */
  fork(): Promise<ForkedProgram>;
  changed(job: Job): void;
  log(level: 'info' | 'warning', message: string): void;
  /** The process was asked to stop some seconds ago and goes on. Whether to kill it; `gone` when it has ended meanwhile. */
  shallKill(job: Job, gone: AbortSignal): Promise<boolean>;
}

/** A job's phase changes ten times a second; who shows it needs less. */
const phaseEveryMs = 250;

interface Running {
  readonly training: Training;
  readonly program: ForkedProgram;
}

/** The jobs of this window. One trains at a time, the others wait in the order in which they came. */
export class Jobs {
  readonly #host: JobsHost;
  readonly #jobs = new Map<string, Job>();
  readonly #waiting: string[] = [];
  readonly #ends = new Map<string, PromiseWithResolvers>();
  readonly #stopping = new Set<string>();
  readonly #patienceMs: number;
  #running: (Running & { readonly id: string }) | undefined;
  /** The job whose process is about to begin: that may wait for an answer of the user, or for a download. */
  #starting: { readonly id: string; readonly stop: () => void } | undefined;
  #busy = false;
  #disposed = false;

  constructor(host: JobsHost, patienceMs = 10_000) {
    this.#host = host;
    this.#patienceMs = patienceMs;
  }

  /** In the order in which they were added; ended ones stay until `forget`. */
  list(): Job[] {
    return [...this.#jobs.values()];
  }

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  /**
   * @param dataset absolute
   * @param id of a job that has waited in a window before this one
   */
  add(order: TrainJob, dataset: string, id = `job-${randomUUID()}`): Job {
    const run = order.type === 'resume' ? { run: order.run } : {};
    const job: Job = { id, order, dataset, state: 'queued', ...run };
    this.#jobs.set(id, job);
    this.#ends.set(id, withResolvers());
    this.#waiting.push(id);
    this.#tellQueue();
    void this.#next();
    return job;
  }

  /** Settles when the job has ended; at once where it has. */
  async stop(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    const end = this.#ends.get(id);
    if (job === undefined || end === undefined) return;
    if (job.state === 'queued') {
      this.#waiting.splice(this.#waiting.indexOf(id), 1);
      this.#end(id, { outcome: 'cancelled' });
      this.#tellQueue();
      return;
    }
    if (!this.#stopping.has(id)) {
      this.#stopping.add(id);
      if (this.#starting?.id === id) this.#starting.stop();
      else {
        this.#running?.training.stop();
        void this.#watch(job, end.promise);
      }
    }
    await end.promise;
  }

  isStopping(id: string): boolean {
    return this.#stopping.has(id);
  }

  /** Drops a job that has ended. */
  forget(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.state !== 'ended') return;
    this.#jobs.delete(id);
    this.#host.changed(job);
  }

  /** Lets go of the trainer, which then stops by itself, with a checkpoint. */
  dispose(): void {
    this.#disposed = true;
    this.#waiting.length = 0;
    this.#running?.program.end(this.#patienceMs);
  }

  async #next(): Promise<void> {
    if (this.#busy || this.#disposed) return;
    const id = this.#waiting.shift();
    if (id === undefined) return;
    this.#busy = true;
    this.#tellQueue();
    try {
      const outcome = await this.#run(id);
      this.#end(id, endOf((this.#jobs.get(id) as Job).order, outcome));
    } catch (error) {
      this.#end(id, { outcome: 'failed', failure: failureOf(error) });
    } finally {
      this.#running = undefined;
      this.#busy = false;
    }
    void this.#next();
  }

  /** @returns undefined when it was cancelled before its process began */
  async #run(id: string): Promise<JobOutcome | undefined> {
    this.#change(id, { state: 'starting', phase: { phase: 'reading', done: 0 } });
    // Loaded with the first job: the extension starts without it.
    const { train } = await import('./training');
    const stop = withResolvers();
    this.#starting = { id, stop: stop.resolve };
    const forked = this.#host.fork();
    const program = await Promise.race([forked, stop.promise]).finally(() => {
      this.#starting = undefined;
    });
    if (program === undefined || this.#stopping.has(id) || this.#disposed) {
      // A process that comes after all is not needed any more.
      forked.then((late) => late.end(0)).catch(() => undefined);
      return undefined;
    }
    const job = this.#jobs.get(id) as Job;
    const training = train(program, job.order, {
      inspected: ({ report }) => this.#change(id, { report }),
      run: ({ run }) => this.#change(id, { state: 'running', run: runFolder(job.order, run) }),
      phase: this.#phases(id),
      log: ({ level, message }) => this.#host.log(level, message),
    });
    this.#running = { id, training, program };
    const outcome = await training.outcome;
    if (outcome.outcome === 'refused') this.#change(id, { report: outcome.report });
    return outcome;
  }

  #phases(id: string): (fact: TrainerFacts['phase']) => void {
    let shownAt = 0;
    return (phase) => {
      const before = this.#jobs.get(id)?.phase?.phase;
      const now = performance.now();
      if (phase.phase === before && now - shownAt < phaseEveryMs && phase.done !== phase.total) return;
      shownAt = now;
      this.#change(id, phase.phase === 'training' ? { state: 'running', phase } : { phase });
    };
  }

  /** A queued job says how many are before it, so the whole queue changes with each coming and going. */
  #tellQueue(): void {
    this.#waiting.forEach((id, before) => {
      const done = before + Number(this.#busy);
      this.#change(id, { phase: { phase: 'queued', done } });
    });
  }

  #change(id: string, patch: Partial<Job>): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    const changed = { ...job, ...patch };
    this.#jobs.set(id, changed);
    this.#host.changed(changed);
  }

  #end(id: string, end: Partial<Job>): void {
    const { phase: _phase, ...job } = this.#jobs.get(id) as Job;
    this.#stopping.delete(id);
    this.#jobs.set(id, { ...job, ...end, state: 'ended' });
    this.#host.changed(this.#jobs.get(id) as Job);
    this.#ends.get(id)?.resolve();
    this.#ends.delete(id);
  }

  async #watch(job: Job, end: Promise<void>): Promise<void> {
    const gone = new AbortController();
    void end.then(() => gone.abort());
    while (!(await settlesWithin(end, this.#patienceMs))) {
      const kill = await this.#host.shallKill(job, gone.signal);
      if (kill && this.#running?.id === job.id) this.#running.program.kill('SIGKILL');
    }
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<undefined>;
  readonly resolve: () => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve!: () => void;
  const promise = new Promise<undefined>((done) => {
    resolve = () => done(undefined);
  });
  return { promise, resolve };
}

async function settlesWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
