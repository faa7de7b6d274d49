import path from 'node:path';
import {
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  l10n,
  workspace,
} from 'vscode';
import { UserError } from '../../protocol/errors';
import type { RunHead } from '../../protocol/panel';
import type { TrainJob } from '../../protocol/trainer';
import type { Job } from '../jobs/job';
import { Jobs } from '../jobs/jobs';
import { waitingOf } from '../jobs/waiting';
import type { RunRef, Runs } from '../types';
import { askToKill } from './ask-to-kill';
import { BegunRuns } from './begun';
import type { Curve } from './curve';
import { findRuns } from './find-runs';
import { headOf, inOrder } from './heads';
import { type NewRun, orderAgain, orderOf, orderToResume } from './orders';
import { QueueKeeper } from './queue-keeper';
import { Shelf } from './shelf';
import type { StartTrainer } from './start-trainer';

/** How often the logs of running runs are looked at while somebody sees them, ms. */
const pulseMs = 1_000;

/** The runs of the workspace: what lies in run folders, and what this window does with them. */
export class RunList implements Runs, Disposable {
  readonly #changed = new EventEmitter<readonly string[]>();
  readonly onDidChange = this.#changed.event;
  readonly #ended = new EventEmitter<Job>();
  readonly onDidEnd = this.#ended.event;
  readonly #shelf = new Shelf((id) => this.#changed.fire([id]));
  readonly #jobs: Jobs;
  readonly #queue: QueueKeeper;
  readonly #begun: BegunRuns;
  readonly #log: LogOutputChannel;
  readonly #owned: Disposable[] = [this.#changed, this.#ended];
  #found: Promise<void> | undefined;
  #pulse: NodeJS.Timeout | undefined;
  #seen = false;

  constructor(
    startTrainer: StartTrainer,
    { storageUri, workspaceState }: Pick<ExtensionContext, 'storageUri' | 'workspaceState'>,
    log: LogOutputChannel,
  ) {
    this.#log = log;
    this.#begun = new BegunRuns(workspaceState);
    this.#jobs = new Jobs({
      fork: () => startTrainer(true),
      changed: (job) => this.#jobChanged(job),
      log: (level, message) => (level === 'warning' ? log.warn(message) : log.info(message)),
      shallKill: (job, gone) => askToKill(headOf(undefined, job)?.name ?? job.id, gone),
    });
    this.#queue = new QueueKeeper({
      folder: storageUri && path.join(storageUri.fsPath, 'queues'),
      waiting: () => waitingOf(this.#jobs.list()),
      takeBack: ({ order, dataset, id }) => this.#jobs.add(order, dataset, id),
      log,
    });
  }

  /** Goes on with the runs that waited when a window of this workspace ended; settles when they wait again. */
  async restore(): Promise<void> {
    // Before trust nothing is read, and nothing is started.
    if (workspace.isTrusted) await this.#queue.restore();
  }

  /** Looks for the runs of the workspace, once, with all that is told of them; for those who show them. */
  async find(): Promise<void> {
    await this.findRecords();
    if (workspace.isTrusted) await this.#shelf.readCurves();
  }

  /** The same without their curves, whose logs are long. */
  async findRecords(): Promise<void> {
    // Before trust nothing is read.
    if (!workspace.isTrusted) return;
    this.#found ??= this.#find();
    await this.#found;
  }

  /** Told by whoever shows runs: what runs is followed closely only while it is seen. */
  setSeen(seen: boolean): void {
    this.#seen = seen;
    this.#setPulse();
  }

  /** The job that works now, and how many wait. */
  get work(): { readonly head: RunHead | undefined; readonly waiting: number } {
    const jobs = this.#jobs.list();
    const active = jobs.find(({ state }) => state === 'starting' || state === 'running');
    return {
      head: active && this.get(active.id),
      waiting: jobs.filter(({ state }) => state === 'queued').length,
    };
  }

  list(): readonly RunHead[] {
    const jobs = this.#jobs.list();
    const ids = new Set([
      ...this.#shelf.list().map(({ head }) => head.run),
      ...jobs.map((job) => (job.run === undefined ? job.id : this.#shelf.idOf(job.run))),
    ]);
    return inOrder([...ids].flatMap((id) => this.get(id) ?? []));
  }

  get(id: string): RunHead | undefined {
    const job = this.#jobOf(id);
    return headOf(this.#shelf.get(job?.run === undefined ? id : this.#shelf.idOf(job.run)), job);
  }

  refOf(id: string): RunRef {
    const folder = this.folderOf(id);
    return folder === undefined ? { id } : { id: this.#shelf.idOf(folder), path: folder };
  }

  curveOf(id: string): Curve | undefined {
    const folder = this.folderOf(id);
    return folder === undefined ? undefined : this.#shelf.get(this.#shelf.idOf(folder))?.curve;
  }

  isStopping(id: string): boolean {
    const job = this.#jobOf(id);
    return job !== undefined && this.#jobs.isStopping(job.id);
  }

  folderOf(id: string): string | undefined {
    return this.#jobOf(id)?.run ?? this.#shelf.get(id)?.folder;
  }

  datasetOf(id: string): string | undefined {
    const dataset = this.#jobOf(id)?.dataset ?? this.get(id)?.dataset.path;
    return dataset === '' ? undefined : dataset;
  }

  async add(folder: string): Promise<RunRef> {
    const run = await this.#shelf.read(path.resolve(folder));
    if (run === undefined) {
      throw new UserError('no-run', l10n.t('{0} is not a run: it holds no run.json', folder), {
        file: folder,
      });
    }
    return { id: run.head.run, path: run.folder };
  }

  async reopen(place: string): Promise<RunRef> {
    if (path.isAbsolute(place)) return await this.add(place);
    const begun = this.#begun.runOf(place);
    if (begun !== undefined) return await this.add(begun);
    await this.#waitingAgain(place);
    if (this.get(place) !== undefined) return this.refOf(place);
    throw new UserError('no-run', l10n.t('A run that waited here was taken back, or could not begin.'));
  }

  /** Settles when the job of that id waits again, or will not. */
  async #waitingAgain(id: string): Promise<void> {
    if (this.get(id) !== undefined) return;
    let listening: Disposable | undefined;
    const waits = new Promise<void>((resolve) => {
      listening = this.onDidChange(() => this.get(id) !== undefined && resolve());
    });
    // Another window's queue may be free only later, which is no reason to wait.
    await Promise.race([waits, this.restore()]);
    listening?.dispose();
  }

  train(run: NewRun): RunRef {
    return this.#add(orderOf(run), run.dataset);
  }

  async stop(id: string): Promise<void> {
    const job = this.#jobOf(id);
    const folder = this.folderOf(id);
    if (job !== undefined && job.state !== 'ended') await this.#jobs.stop(job.id);
    else if (folder !== undefined) {
      const { stopRun } = await import('../../engine/run/stop');
      await stopRun(folder);
    }
    if (folder !== undefined) await this.#shelf.read(folder);
  }

  async resume(id: string): Promise<RunRef> {
    const job = this.#jobOf(id);
    if (job !== undefined && job.state !== 'ended') return this.refOf(id);
    const folder = this.folderOf(id);
    const shelved = folder === undefined ? undefined : await this.#shelf.read(folder);
    if (shelved === undefined) {
      throw new UserError('no-run', l10n.t('there is no run folder to go on from: train anew'));
    }
    return this.#add(orderToResume(shelved), shelved.head.dataset.path);
  }

  async again(id: string): Promise<RunRef> {
    const order = this.#jobOf(id)?.order;
    if (order?.type === 'train') return this.#add(order, order.folder);
    const again = orderAgain(this.get(id), this.folderOf(id));
    return this.#add(again, again.folder);
  }

  /** Drops what is known of a run that is not there (any more). */
  async forget(id: string): Promise<void> {
    const folder = this.folderOf(id);
    const job = this.#jobOf(id);
    if (job !== undefined) this.#jobs.forget(job.id);
    if (folder !== undefined) await this.#shelf.read(folder);
  }

  dispose(): void {
    clearInterval(this.#pulse);
    this.#queue.dispose();
    this.#jobs.dispose();
    for (const owned of this.#owned) owned.dispose();
  }

  #add(order: TrainJob, dataset: string): RunRef {
    // What was said of an earlier try is out of date now.
    for (const old of this.#jobs.list()) {
      const replaced =
        old.run === undefined ? old.dataset === dataset : order.type === 'resume' && old.run === order.run;
      if (replaced) this.#jobs.forget(old.id);
    }
    return this.refOf(this.#jobs.add(order, dataset).id);
  }

  /** The newest job of that id, or for the run of that id. */
  #jobOf(id: string): Job | undefined {
    return (
      this.#jobs.get(id) ??
      this.#jobs.list().findLast(({ run }) => run !== undefined && this.#shelf.idOf(run) === id)
    );
  }

  #jobChanged(job: Job): void {
    // One that is forgotten has ended before.
    const ended = job.state === 'ended' && this.#jobs.get(job.id) !== undefined;
    if (job.outcome === 'cancelled') this.#jobs.forget(job.id);
    const ids = job.run === undefined ? [job.id] : [job.id, this.#shelf.idOf(job.run)];
    const unread = job.run !== undefined && this.#shelf.get(this.#shelf.idOf(job.run)) === undefined;
    // The record has changed when the job ends, and is there when its folder is.
    if (job.run !== undefined && (unread || job.state === 'ended')) {
      this.#shelf
        .read(job.run)
        .catch((error: unknown) => this.#log.error(error as Error))
        .then(() => this.#tell(job, ids, ended))
        .catch((error: unknown) => this.#log.error(error as Error));
    } else this.#tell(job, ids, ended);
    if (job.run !== undefined) this.#begun.note(job.id, job.run);
    this.#queue.changed();
    this.#setPulse();
  }

  #tell(job: Job, ids: readonly string[], ended: boolean): void {
    this.#changed.fire(ids);
    if (ended) this.#ended.fire(job);
  }

  async #find(): Promise<void> {
    const watching = await findRuns({
      read: async (folder) => await this.#readOrForget(folder),
      deleted: (folder) => this.#readBelow(folder),
      onFault: (error) => this.#log.error(error as Error),
    });
    this.#owned.push(...watching);
  }

  #readBelow(deleted: string): void {
    for (const { folder } of this.#shelf.list()) {
      if (folder === deleted || folder.startsWith(deleted + path.sep)) this.#read(folder);
    }
  }

  #read(folder: string): void {
    this.#readOrForget(folder).catch((error: unknown) => this.#log.error(error as Error));
  }

  /** Of a run that is gone, what this window did with it is not shown any more, either. */
  async #readOrForget(folder: string): Promise<void> {
    if ((await this.#shelf.read(folder)) !== undefined) return;
    for (const { id, run } of this.#jobs.list()) if (run === folder) this.#jobs.forget(id);
  }

  #setPulse(): void {
    const needed = this.#seen || this.work.head !== undefined;
    if (needed === (this.#pulse !== undefined)) return;
    clearInterval(this.#pulse);
    this.#pulse = needed ? setInterval(() => this.#beat(), pulseMs) : undefined;
  }

  #beat(): void {
    for (const { head, folder } of this.#shelf.list()) {
      const { state, elsewhere } = this.get(head.run) ?? head;
      if (state !== 'running') continue;
      // Nobody tells when another window's process dies.
      if (elsewhere) this.#read(folder);
      else this.#shelf.readCurve(head.run).catch((error: unknown) => this.#log.error(error as Error));
    }
  }
}
