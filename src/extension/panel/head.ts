import type { InspectReport } from '../../protocol/dataset';
import type { RunDetails, RunHead } from '../../protocol/panel';
import type { Failure, RunState } from '../../protocol/run';
import { fitTexts } from './fit';
import { factLimit } from './outbox';
import { firstThatFit } from './size';

/** What the run folder says. */
export interface Seen {
  readonly record?: RunDetails;
  readonly state?: RunState;
  /** Why it could not be read. */
  readonly trouble?: Failure;
}

/** Of one fact: the record and the problems take up to a third each, the rest far less. */
const part = factLimit / 3;
/** More are in the list of problems. */
const problemLimit = 200;
/** The choices of a program; the file may say anything. */
const choiceLimit = 50;
const nameLimit = 1024;

/** The process of this window is asked first while it works, then the folder: it knows of the processes of others, too. */
function stateOf(head: RunHead, { state }: Seen): RunHead['state'] {
  const working = head.state === 'queued' || head.state === 'starting' || head.state === 'running';
  if (working && !head.elsewhere) return head.state;
  if (head.state === 'failed' && head.failure !== undefined) return head.state;
  return state ?? head.state;
}

function cutReport(report: InspectReport): InspectReport {
  const problems = firstThatFit(
    report.problems.slice(0, problemLimit).map((problem) => fitTexts(problem, nameLimit)),
    part,
  );
  const more = report.problems.length - problems.length;
  const rest = fitTexts({ ...report, problems: [] }, part);
  if (more === 0) return { ...rest, problems };
  const message = `and ${more.toLocaleString('en')} more: the Problems view lists all`;
  return { ...rest, problems: [...problems, { severity: 'info', code: 'more', message }] };
}

function cutRecord(record: RunDetails): RunDetails {
  return fitTexts({ ...record, choices: record.choices.slice(0, choiceLimit) }, part);
}

/** What the list of runs and the run folder say, as one, cut to what a message holds. */
export function headOf(head: RunHead, seen: Seen): RunHead {
  const failure = seen.trouble ?? head.failure;
  return {
    ...head,
    name: fitTexts(head.name, nameLimit),
    state: stateOf(head, seen),
    ...(seen.record && { record: cutRecord(seen.record) }),
    ...(head.report && { report: cutReport(head.report) }),
    ...(failure && { failure: fitTexts(failure, part) }),
  };
}
