import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Disposable, type LogOutputChannel, l10n, window } from 'vscode';
import type { QueueStore } from '../jobs/queue-store';
import type { WaitingJob } from '../jobs/waiting';
import { shownPath } from '../places';

/** A window that is loaded anew may find the one before it still closing. */
const retryMs = 1_000;
const tries = 15;

export interface KeeperOptions {
  /** Where the windows of this workspace keep their queues, absolute; undefined without a workspace. */
  readonly folder: string | undefined;
  /** What waits now. */
  readonly waiting: () => readonly WaitingJob[];
  readonly takeBack: (job: WaitingJob) => void;
  readonly log: LogOutputChannel;
}

/** Keeps what waits over the end of its window. */
export class QueueKeeper implements Disposable {
  readonly #options: KeeperOptions;
  #store: Promise<QueueStore> | undefined;
  #kept: string | undefined = '';
  #restored: Promise<void> | undefined;
  readonly #end = new AbortController();

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Jobs have changed. */
  changed(): void {
    const { folder, waiting, log } = this.#options;
    if (folder === undefined || this.#end.signal.aborted) return;
    const jobs = waiting();
    const ids = jobs.map(({ id }) => id).join();
    if (ids === this.#kept) return;
    this.#kept = ids;
    this.#open(folder)
      .then(async (store) => await store.keep(jobs))
      .catch((error: unknown) => {
        // With the next change once more.
        this.#kept = undefined;
        log.error(error as Error);
      });
  }

  /** Takes back what waited in windows that are gone, once; settles when no such window is closing any more. */
  async restore(): Promise<void> {
    this.#restored ??= this.#restore();
    await this.#restored;
  }

  dispose(): void {
    this.#end.abort();
    // If the process ends before that, its queue is as free.
    this.#store?.then(async (store) => await store.release()).catch(() => undefined);
  }

  async #restore(): Promise<void> {
    const { folder } = this.#options;
    if (folder === undefined || !existsSync(folder)) return;
    const store = await this.#open(folder);
    for (let left = tries; left > 0 && !this.#end.signal.aborted; left--) {
      const { jobs, othersLive, damaged } = await store.takeOver();
      for (const why of damaged) this.#warn(why);
      for (const job of jobs) this.#takeBack(job);
      // What is gone is not kept, either.
      this.changed();
      if (!othersLive) return;
      await sleep(retryMs, undefined, { ref: false });
    }
  }

  #takeBack(job: WaitingJob): void {
    const { order, dataset, id } = job;
    const name = (order.type === 'train' && order.name) || path.basename(dataset);
    if (!existsSync(dataset)) {
      this.#warn(
        l10n.t('{0} waited to be trained, but its data are no longer there: {1}', name, shownPath(dataset)),
      );
    } else if (order.type === 'resume' && !existsSync(path.join(order.run, 'run.json'))) {
      this.#warn(
        l10n.t('{0} waited to be resumed, but its run is no longer there: {1}', name, shownPath(order.run)),
      );
    } else {
      this.#options.log.info(`${id} (${name}) waits again`);
      this.#options.takeBack(job);
    }
  }

  #warn(message: string): void {
    this.#options.log.warn(message);
    void window.showWarningMessage(message);
  }

  /** Loaded with the first run that waits: the extension starts without it. */
  async #open(folder: string): Promise<QueueStore> {
    this.#store ??= import('../jobs/queue-store').then(({ QueueStore }) => new QueueStore(folder));
    return await this.#store;
  }
}
