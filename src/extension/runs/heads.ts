import path from 'node:path';
import type { RunHead } from '../../protocol/panel';
import type { Job } from '../jobs/job';
import type { ShelvedRun } from './shelf';

function stateOf(job: Job): RunHead['state'] {
  if (job.state !== 'ended') return job.state;
  return job.outcome === 'completed' || job.outcome === 'stopped' ? job.outcome : 'failed';
}

/** A job that has no run folder, or whose folder has not been read yet. */
function headOfJob(job: Job): RunHead {
  const name = job.order.type === 'train' ? job.order.name : undefined;
  const dataset = { name: path.basename(job.dataset), path: job.dataset };
  const run = job.run === undefined ? job.id : path.basename(job.run);
  return { run, name: name ?? dataset.name, state: stateOf(job), dataset, elsewhere: false };
}

/** What is known of a run from its folder and from this window's job for it; one of both is there. */
export function headOf(shelved: ShelvedRun | undefined, job: Job | undefined): RunHead | undefined {
  if (job === undefined) return shelved?.head;
  const base = shelved?.head ?? headOfJob(job);
  const { phase, report } = job;
  if (job.state !== 'ended') {
    const { failure: _old, ...head } = base;
    const now = { state: stateOf(job), elsewhere: false };
    return { ...head, ...now, ...(phase && { phase }), ...(report && { report }) };
  }
  // A process that died could not write why.
  const failure = base.failure ?? job.failure;
  return { ...base, ...(report && { report }), ...(failure && { failure }) };
}

function createdAt({ record }: RunHead): string {
  return record?.createdAt ?? '9';
}

/** The queue, then what is being trained, then the rest. */
function rank({ state, phase }: RunHead): number {
  if (state === 'queued') return (phase?.done ?? 0) - 1e9;
  return state === 'starting' || state === 'running' ? -1 : 0;
}

/** Those that wait first, the next one at the top; then what is being trained; then the newest. */
export function inOrder(heads: readonly RunHead[]): RunHead[] {
  return [...heads].sort(
    (a, b) => rank(a) - rank(b) || createdAt(b).localeCompare(createdAt(a)) || b.run.localeCompare(a.run),
  );
}
