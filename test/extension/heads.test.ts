import { expect, test } from 'vitest';
import type { Job } from '../../src/extension/jobs/job';
import { headOf, inOrder } from '../../src/extension/runs/heads';
import type { RunHead } from '../../src/protocol/panel';

const job: Job = {
  id: 'job-1',
  order: { type: 'train', folder: '/data/pairs', runsDir: '/data/.infonce/runs', settings: {} },
  dataset: '/data/pairs',
  state: 'queued',
};
const head: RunHead = {
  run: '20261123-193205-a1b2',
  name: 'first',
  state: 'running',
  dataset: { name: 'pairs', path: '/data/pairs' },
  elsewhere: true,
};
const shelved = { folder: `/data/.infonce/runs/${head.run}`, head, curve: { values: [] } };

test('a job without a folder is shown by its data', () => {
  expect(headOf(undefined, job)).toEqual({
    run: 'job-1',
    name: 'pairs',
    state: 'queued',
    dataset: { name: 'pairs', path: '/data/pairs' },
    elsewhere: false,
  });
});

test('a run that this window trains is not somebody else', () => {
  const running: Job = { ...job, state: 'running', run: shelved.folder };
  const phase = { phase: 'training', done: 3, total: 9 } as const;
  expect(headOf(shelved, { ...running, phase })).toMatchObject({ run: head.run, elsewhere: false, phase });
});

test('why a process died is told by the job, where the folder cannot know', () => {
  const failure = { code: 'trainer-killed', message: 'killed' };
  const ended: Job = { ...job, state: 'ended', outcome: 'failed', failure, run: shelved.folder };
  const interrupted = { ...shelved, head: { ...head, state: 'interrupted' as const, elsewhere: false } };
  expect(headOf(interrupted, ended)).toMatchObject({ state: 'interrupted', failure });
});

test('a failure of before a resume is not shown while it runs', () => {
  const failed = { ...shelved, head: { ...head, failure: { code: 'x', message: 'old' } } };
  expect(headOf(failed, { ...job, state: 'starting', run: shelved.folder })).not.toHaveProperty('failure');
});

test('those that wait come first and in turn, then the newest', () => {
  const queued = (run: string, done: number): RunHead => ({
    ...head,
    run,
    state: 'queued',
    phase: { phase: 'queued', done },
  });
  const older = { ...head, run: '20251123-193205-a1b2' };
  const order = inOrder([older, queued('job-3', 2), head, queued('job-2', 1)]);
  expect(order.map(({ run }) => run)).toEqual(['job-2', 'job-3', head.run, older.run]);
});
