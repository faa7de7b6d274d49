import type { Failure } from '../../protocol/run';
import type { Ending } from '../fork';

/** How far the run was when its process ended. */
export interface LastSeen {
  /** Whether a run folder exists, so that it can be resumed. */
  readonly begun: boolean;
  readonly step?: number;
  readonly steps?: number;
}

function whereItWas({ begun, step, steps }: LastSeen): string {
  if (!begun) return 'before the run began';
  if (step === undefined) return 'before its first step';
  return steps === undefined ? `at step ${step}` : `at step ${step} of ${steps}`;
}

function whatNext({ begun }: LastSeen): string {
  return begun ? 'Resume goes on from its last checkpoint.' : 'Nothing was lost: start it again.';
}

/** A training process that ended without an answer, as a sentence: what happened, when, and what to do. */
export function describeEnding({ code, signal, error, lastLines }: Ending, seen: LastSeen): Failure {
  if (error !== undefined) {
    const message = `The training process could not be started (${error.message}). Reload the window; if it happens again, look into the log.`;
    return { code: 'trainer-not-started', message };
  }
  if (signal !== null) {
    const memory = signal === 'SIGKILL' ? ', by you or because memory ran out' : '';
    const message = `The training process was ended by ${signal}${memory}, ${whereItWas(seen)}. ${whatNext(seen)}`;
    return { code: 'trainer-killed', message };
  }
  const last = lastLines.findLast((line) => line.trim() !== '');
  const said = last === undefined ? '' : ` It said: ${last.trim()}`;
  const message = `The training process ended with exit code ${code}, ${whereItWas(seen)}. ${whatNext(seen)}${said}`;
  return { code: 'trainer-ended', message };
}
