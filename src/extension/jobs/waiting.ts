import type { TrainJob } from '../../protocol/trainer';
import type { Job } from './job';

/** A wish to train of which nothing has begun: all that has to be kept of it. */
export interface WaitingJob {
  readonly id: string;
  readonly order: TrainJob;
  /** Absolute. */
  readonly dataset: string;
}

/** Those that have no run folder to go on from: that wait, or have just been started. */
export function waitingOf(jobs: readonly Job[]): WaitingJob[] {
  return jobs
    .filter(({ state }) => state === 'queued' || state === 'starting')
    .map(({ id, order, dataset }) => ({ id, order, dataset }));
}
