import type { InspectReport } from './dataset';
import type { Failure } from './run';

/**
 * The whole conversation between the extension host and a training process. A process trains one run and ends. Facts about
 * the run itself (steps, evaluations, its end) are not told here: they are read from the run folder.
 */
export const trainerProtocol = 1;

/** What is to be trained; paths are absolute. */
export type TrainJob =
  | {
      readonly type: 'train';
      /** The dataset: a folder, or a single data file. */
      readonly folder: string;
      readonly runsDir: string;
      readonly name?: string;
      /** Like the `train` part of `infonce.json`, which it overrides. Checked by the trainer. */
      readonly settings: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'resume'; readonly run: string };

/**
 * How a job ended. `refused`: the pre-flight found errors and nothing was started. `stopped` without a run: before there
 * was anything to keep.
 */
export type JobOutcome =
  | { readonly outcome: 'completed'; readonly run: string }
  | { readonly outcome: 'stopped'; readonly run?: string }
  | { readonly outcome: 'refused'; readonly report: InspectReport }
  | { readonly outcome: 'failed'; readonly run?: string; readonly failure: Failure };

export type JobPhase =
  | 'reading'
  | 'checking'
  | 'preparing'
  | 'tokenising'
  | 'baselines'
  | 'training'
  | 'saving';

/** host → trainer, with an answer. */
export interface TrainerRequests {
  /** Answered when the job has ended, whatever the end. */
  run: { params: TrainJob & { readonly protocol: number }; result: JobOutcome };
  inspect: { params: { readonly protocol: number; readonly folder: string }; result: InspectReport };
}

/** host → trainer. */
export interface TrainerWishes {
  /** Ends the job after the present step, with a checkpoint. */
  stop: Record<string, never>;
}

/** trainer → host. */
export interface TrainerFacts {
  /** The pre-flight of a job that goes on: warnings and notes. */
  inspected: { readonly report: InspectReport };
  /** The run folder exists from now on. */
  run: { readonly run: string };
  phase: { readonly phase: JobPhase; readonly done: number; readonly total?: number };
  log: { readonly level: 'info' | 'warning'; readonly message: string };
}
