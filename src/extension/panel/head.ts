import type { InspectReport } from '../../protocol/dataset';
import type { RunDetails, RunHead } from '../../protocol/panel';
import type { Failure, RunState } from '../../protocol/run';

/** What the run folder says. */
export interface Seen {
  readonly record?: RunDetails;
  readonly state?: RunState;
  /** Why it could not be read. */
  readonly trouble?: Failure;
}

/** More are in the list of problems, and a message has to stay small. */
const problemLimit = 200;

/** The process of this window is asked first while it works, then the folder: it knows of the processes of others, too. */
function stateOf(head: RunHead, { state }: Seen): RunHead['state'] {
  const working = head.state === 'queued' || head.state === 'starting' || head.state === 'running';
  if (working && !head.elsewhere) return head.state;
  if (head.state === 'failed' && head.failure !== undefined) return head.state;
  return state ?? head.state;
}

function cut(report: InspectReport): InspectReport {
  const { problems } = report;
  if (problems.length <= problemLimit) return report;
  const more = problems.length - problemLimit;
  const message = `and ${more.toLocaleString('en')} more: the Problems view lists all`;
  return {
    ...report,
    problems: [...problems.slice(0, problemLimit), { severity: 'info', code: 'more', message }],
  };
}

/** What the list of runs and the run folder say, as one. */
export function headOf(head: RunHead, seen: Seen): RunHead {
  const failure = seen.trouble ?? head.failure;
  return {
    ...head,
    state: stateOf(head, seen),
    ...(seen.record && { record: seen.record }),
    ...(head.report && { report: cut(head.report) }),
    ...(failure && { failure }),
  };
}
