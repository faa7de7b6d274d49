import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type ForkedProgram, forkProgram } from '../../src/extension/fork';
import type { Job } from '../../src/extension/jobs/job';
import { Jobs } from '../../src/extension/jobs/jobs';
import { waitingOf } from '../../src/extension/jobs/waiting';
import { Shelf } from '../../src/extension/runs/shelf';
import { buildProgram, temporaryFolder, writePairs } from '../cli/support';

const root = path.join(import.meta.dirname, '../..');
beforeAll(buildProgram);

/** What the extension would see of its jobs, with real trainers. */
class Host {
  readonly changes: Job[] = [];
  readonly programs: ForkedProgram[] = [];
  readonly jobs: Jobs;
  kill = false;

  constructor(patienceMs?: number) {
    const host = {
      fork: async () => {
        const program = forkProgram({
          module: path.join(root, 'dist/trainer.js'),
          args: ['train'],
          cwd: root,
          environment: {},
          onLine: () => undefined,
        });
        this.programs.push(program);
        return program;
      },
      changed: (job: Job) => void this.changes.push(job),
      log: () => undefined,
      shallKill: async () => this.kill,
    };
    this.jobs = new Jobs(host, patienceMs);
    open.push(this);
  }

  train(folder: string, settings: Record<string, unknown> = {}): Job {
    const runsDir = path.join(path.dirname(folder), '.infonce/runs');
    return this.jobs.add({ type: 'train', folder, runsDir, settings }, folder);
  }

  async until(id: string, fits: (job: Job) => boolean): Promise<Job> {
    await vi.waitUntil(() => this.changes.some((job) => job.id === id && fits(job)), 30_000);
    return this.changes.findLast((job) => job.id === id && fits(job)) as Job;
  }
}

const open: Host[] = [];
afterEach(async () => {
  for (const host of open.splice(0)) {
    host.jobs.dispose();
    for (const program of host.programs) {
      program.kill('SIGKILL');
      await program.ended;
    }
  }
});

const isTraining = ({ phase }: Job): boolean => phase?.phase === 'training' && phase.done > 0;
const isEnded = ({ state }: Job): boolean => state === 'ended';
const long = { epochs: 100_000 };

async function pairs(): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'pairs');
  await writePairs(folder);
  return folder;
}

test('one trains, the others wait in turn; a waiting one can be taken out', async () => {
  const folder = await pairs();
  const host = new Host();
  const [first, second, third] = [
    host.train(folder, { epochs: 1 }),
    host.train(folder),
    host.train(folder, { epochs: 1 }),
  ];
  expect(host.jobs.get(third.id)?.phase).toEqual({ phase: 'queued', done: 2 });
  await host.jobs.stop(second.id);
  expect(host.jobs.get(second.id)).toMatchObject({ state: 'ended', outcome: 'cancelled' });
  expect(host.jobs.get(third.id)?.phase).toEqual({ phase: 'queued', done: 1 });
  const done = await host.until(third.id, isEnded);
  expect(done.outcome).toBe('completed');
  expect(host.programs).toHaveLength(2);
  expect(host.jobs.get(first.id)).toMatchObject({ state: 'ended', outcome: 'completed' });

  const shelf = new Shelf(() => undefined);
  const read = await shelf.read(done.run as string);
  expect(read?.head).toMatchObject({
    state: 'completed',
    elsewhere: false,
    dataset: { name: 'pairs', path: folder },
  });
  expect(read?.head.record?.config.epochs).toBe(1);
  // Of a run that does not run, the log is read when somebody wants to see it.
  expect(read?.curve.lastStep).toBeUndefined();
  await shelf.readCurves();
  expect(shelf.get(read?.head.run ?? '')?.curve.lastStep?.step).toBe(read?.head.record?.steps);
});

test('a job is worth keeping until its run folder is there, under the id that it had', async () => {
  const folder = await pairs();
  const host = new Host();
  const first = host.train(folder, long);
  const runsDir = path.join(path.dirname(folder), '.infonce/runs');
  const order = { type: 'train', folder, runsDir, settings: {} } as const;
  const again = host.jobs.add(order, folder, 'job-of-an-earlier-window');
  expect(again.id).toBe('job-of-an-earlier-window');
  expect(waitingOf(host.jobs.list())).toEqual([
    { id: first.id, order: first.order, dataset: folder },
    { id: again.id, order, dataset: folder },
  ]);
  await host.until(first.id, ({ state }) => state === 'running');
  expect(waitingOf(host.jobs.list()).map(({ id }) => id)).toEqual([again.id]);
  await host.jobs.stop(again.id);
  await host.jobs.stop(first.id);
  expect(waitingOf(host.jobs.list())).toEqual([]);
});

test('a stopped run can be resumed, and ends as it would have', async () => {
  const host = new Host();
  const job = host.train(await pairs(), { epochs: 60, patience: 0 });
  await host.until(job.id, isTraining);
  await host.jobs.stop(job.id);
  const stopped = host.jobs.get(job.id) as Job;
  expect(stopped.outcome).toBe('stopped');
  const run = stopped.run as string;
  const shelf = new Shelf(() => undefined);
  expect((await shelf.read(run))?.head.state).toBe('stopped');
  const again = host.jobs.add({ type: 'resume', run }, stopped.dataset);
  expect((await host.until(again.id, isEnded)).outcome).toBe('completed');
  expect((await shelf.read(run))?.head.state).toBe('completed');
});

test('a killed trainer is said to have been killed, and its run can be seen as interrupted', async () => {
  const host = new Host();
  const job = host.train(await pairs(), long);
  await host.until(job.id, isTraining);
  host.programs[0]?.kill('SIGKILL');
  const ended = await host.until(job.id, isEnded);
  expect(ended.failure?.code).toBe('trainer-killed');
  expect(ended.failure?.message).toMatch(/SIGKILL.* at step \d+ of \d+\. Resume/);
  expect((await new Shelf(() => undefined).read(ended.run as string))?.head.state).toBe('interrupted');
});

test('what cannot be trained on is refused with its place, and the next job goes on', async () => {
  const folder = path.join(await temporaryFolder(), 'broken');
  await mkdir(folder);
  await writeFile(path.join(folder, 'data.csv'), 'anchor,positive\none,"two\nthree,four\n');
  const host = new Host();
  const job = host.train(folder);
  const next = host.train(await pairs(), { epochs: 1 });
  const refused = await host.until(job.id, isEnded);
  expect(['refused', 'failed']).toContain(refused.outcome);
  expect(refused.failure).toMatchObject({ file: expect.stringContaining('data.csv'), line: 2 });
  expect(refused.run).toBeUndefined();
  expect((await host.until(next.id, isEnded)).outcome).toBe('completed');
  expect(host.jobs.get(next.id)?.report?.ready).toBe(true);
});

test('a trainer that does not stop is killed when the user says so', async () => {
  const host = new Host(300);
  const job = host.train(await pairs(), long);
  await host.until(job.id, isTraining);
  process.kill(host.programs[0]?.pid as number, 'SIGSTOP');
  host.kill = true;
  await host.jobs.stop(job.id);
  expect(host.jobs.get(job.id)?.failure?.code).toBe('trainer-killed');
});

test('letting go of a trainer stops it with a checkpoint', async () => {
  const host = new Host();
  const job = host.train(await pairs(), long);
  const { run } = await host.until(job.id, isTraining);
  host.jobs.dispose();
  await host.programs[0]?.ended;
  expect((await new Shelf(() => undefined).read(run as string))?.head.state).toBe('stopped');
});
