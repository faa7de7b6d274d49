import path from 'node:path';
import type { InspectReport } from '../../protocol/dataset';
import type { RunHead } from '../../protocol/panel';
import type { Failure } from '../../protocol/run';
import type { JobOutcome, TrainJob } from '../../protocol/trainer';

/** One wish to train, from the queue to its end. */
export interface Job {
  readonly id: string;
  readonly order: TrainJob;
  /** Absolute. */
  readonly dataset: string;
  readonly state: 'queued' | 'starting' | 'running' | 'ended';
  readonly phase?: Exclude<RunHead['phase'], undefined>;
  readonly report?: InspectReport;
  /** The run folder, absolute, from when it exists. */
  readonly run?: string;
  readonly outcome?: JobOutcome['outcome'] | 'cancelled';
  readonly failure?: Failure;
}

/** Absolute, whichever way the trainer names it. */
export function runFolder(order: TrainJob, run: string): string {
  return order.type === 'train' ? path.resolve(order.runsDir, run) : order.run;
}

type End = Pick<Job, 'outcome' | 'failure' | 'run'>;

function refusal(report: InspectReport): Failure {
  const error = report.problems.find(({ severity }) => severity === 'error');
  if (error === undefined) return { code: 'refused', message: 'the data cannot be trained on' };
  const { code, message, file, line } = error;
  return { code, message, ...(file !== undefined && { file }), ...(line !== undefined && { line }) };
}

/** @param outcome undefined when it was cancelled before its process began */
export function endOf(order: TrainJob, outcome: JobOutcome | undefined): End {
  switch (outcome?.outcome) {
    case undefined:
      return { outcome: 'cancelled' };
    case 'refused':
      return { outcome: 'refused', failure: refusal(outcome.report) };
    case 'failed': {
      const { run, failure } = outcome;
      return { outcome: 'failed', failure, ...(run !== undefined && { run: runFolder(order, run) }) };
    }
    case 'completed':
    case 'stopped': {
      const { run } = outcome;
      // Stopped before there was anything to keep.
      if (run === undefined) return { outcome: 'cancelled' };
      return { outcome: outcome.outcome, run: runFolder(order, run) };
    }
  }
}
