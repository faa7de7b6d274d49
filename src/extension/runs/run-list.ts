import path from 'node:path';
import { type Disposable, EventEmitter, type LogOutputChannel, l10n, window, workspace } from 'vscode';
import { UserError } from '../../protocol/errors';
import type { RunHead } from '../../protocol/panel';
import type { TrainJob } from '../../protocol/trainer';
import type { Job } from '../jobs/job';
import { Jobs } from '../jobs/jobs';
import { runFiles, runFolders, runsDirOf } from '../places';
import type { Problems } from '../problems';
import type { RunRef, Runs } from '../types';
import type { Curve } from './curve';
import { headOf, inOrder } from './heads';
import { settingsOf } from './settings';
import { Shelf } from './shelf';
import type { StartTrainer } from './start-trainer';
import { shownName } from './words';

/** How often the logs of running runs are looked at while somebody sees them, ms. */
const pulseMs = 1_000;

/** What is to be trained; the rest follows from the workspace. */
export interface NewRun {
  /** Absolute: a folder, or a data file. */
  readonly dataset: string;
  readonly name?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The runs of the workspace: what lies in run folders, and what this window does with them. */
export class RunList implements Runs, Disposable {
  readonly #changed = new EventEmitter<readonly string[]>();
  readonly onDidChange = this.#changed.event;
  readonly #ended = new EventEmitter<Job>();
  readonly onDidEnd = this.#ended.event;
  readonly #shelf = new Shelf((id) => this.#changed.fire([id]));
  readonly #jobs: Jobs;
  readonly #log: LogOutputChannel;
  readonly #owned: Disposable[] = [this.#changed, this.#ended];
  #found: Promise<void> | undefined;
  #pulse: NodeJS.Timeout | undefined;
  #seen = false;

  constructor(startTrainer: StartTrainer, problems: Problems, log: LogOutputChannel) {
    this.#log = log;
    this.#jobs = new Jobs({
      fork: () => startTrainer(true),
      changed: (job) => this.#jobChanged(job),
      inspected: (job, report) => problems.show(job.dataset, report.problems),
      log: (level, message) => (level === 'warning' ? log.warn(message) : log.info(message)),
      shallKill: (job, gone) => askToKill(headOf(undefined, job)?.name ?? job.id, gone),
    });
  }

  /** Looks for the runs of the workspace, once; to be called as late as somebody wants to see them. */
  async find(): Promise<void> {
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

  train({ dataset, name, settings = {} }: NewRun): RunRef {
    const runsDir = runsDirOf(dataset);
    return this.#queue(
      { type: 'train', folder: dataset, runsDir, settings, ...(name !== undefined && { name }) },
      dataset,
    );
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
    const head = folder === undefined ? undefined : (await this.#shelf.read(folder))?.head;
    if (folder === undefined || head === undefined) {
      throw new UserError('no-run', l10n.t('there is no run folder to go on from: train anew'));
    }
    if (head.state === 'completed') {
      throw new UserError(
        'already-completed',
        l10n.t('{0} is completed: there is nothing left to train', shownName(head)),
      );
    }
    if (head.state === 'running') {
      throw new UserError(
        'run-held',
        l10n.t('{0} is already being trained by another process', shownName(head)),
      );
    }
    return this.#queue({ type: 'resume', run: folder }, head.dataset.path);
  }

  async again(id: string): Promise<RunRef> {
    const order = this.#jobOf(id)?.order;
    if (order?.type === 'train') return this.#queue(order, order.folder);
    const head = this.get(id);
    const folder = this.folderOf(id);
    if (head?.record === undefined || folder === undefined) {
      throw new UserError('no-run', l10n.t('there is no record of the run to train by'));
    }
    const { name, dataset } = head;
    const job: TrainJob = {
      type: 'train',
      folder: dataset.path,
      runsDir: path.dirname(folder),
      settings: settingsOf(head.record.config),
      ...(name !== head.run && { name }),
    };
    return this.#queue(job, dataset.path);
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
    this.#jobs.dispose();
    for (const owned of this.#owned) owned.dispose();
  }

  #queue(order: TrainJob, dataset: string): RunRef {
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
    this.#setPulse();
  }

  #tell(job: Job, ids: readonly string[], ended: boolean): void {
    this.#changed.fire(ids);
    if (ended) this.#ended.fire(job);
  }

  async #find(): Promise<void> {
    const watcher = workspace.createFileSystemWatcher(runFiles);
    const folders = workspace.createFileSystemWatcher(runFolders, true, true);
    this.#owned.push(watcher, folders);
    folders.onDidDelete(({ fsPath }) => this.#readBelow(fsPath));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      event(({ fsPath }) => this.#read(path.dirname(fsPath)));
    }
    const files = await workspace.findFiles(runFiles, '**/node_modules/**');
    await Promise.all(files.map(async ({ fsPath }) => await this.#shelf.read(path.dirname(fsPath))));
  }

  #readBelow(deleted: string): void {
    for (const { folder } of this.#shelf.list()) {
      if (folder === deleted || folder.startsWith(deleted + path.sep)) this.#read(folder);
    }
  }

  #read(folder: string): void {
    this.#shelf.read(folder).catch((error: unknown) => this.#log.error(error as Error));
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

async function askToKill(name: string, gone: AbortSignal): Promise<boolean> {
  const kill = l10n.t('End the Process');
  const wait = l10n.t('Wait');
  const question = l10n.t(
    '{0} has not stopped within ten seconds. Ending its process loses what was trained since the last checkpoint.',
    name,
  );
  const answer = await window.showWarningMessage(question, kill, wait);
  return answer === kill && !gone.aborted;
}
