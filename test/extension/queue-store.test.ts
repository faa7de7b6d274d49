import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { QueueStore } from '../../src/extension/jobs/queue-store';
import type { WaitingJob } from '../../src/extension/jobs/waiting';
import { temporaryFolder } from '../cli/support';

function job(name: string): WaitingJob {
  const folder = `/data/${name}`;
  const order = {
    type: 'train',
    folder,
    runsDir: '/data/.infonce/runs',
    name,
    settings: { seed: 3 },
  } as const;
  return { id: `job-${randomUUID()}`, order, dataset: folder };
}

/** The store of a window. */
function windowOn(root: string): QueueStore {
  const store = new QueueStore(root);
  onTestFinished(() => store.release());
  return store;
}

async function newRoot(): Promise<string> {
  return path.join(await temporaryFolder(), 'queues');
}

/** Makes the holder of a queue a process that has ended, as one that was killed leaves it. */
async function killHolder(folder: string): Promise<void> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  const file = path.join(folder, 'holder.json');
  const holder = JSON.parse(await readFile(file, 'utf8')) as object;
  const dead = { ...holder, pid: child.pid, startTime: '1', host: hostname() };
  await writeFile(file, JSON.stringify(dead));
}

const nothing = { jobs: [], othersLive: false, damaged: [] };

test('what waited in a window that was closed waits in the next, in its order, and only there', async () => {
  const root = await newRoot();
  const jobs = [job('b'), job('a'), job('c')];
  const first = windowOn(root);
  expect(await first.takeOver()).toEqual(nothing);
  await first.keep(jobs);
  await first.keep(jobs.slice(1));
  await first.release();
  const second = windowOn(root);
  expect(await second.takeOver()).toEqual({ ...nothing, jobs: jobs.slice(1) });
  await second.keep([]);
  await second.release();
  expect(await windowOn(root).takeOver()).toEqual(nothing);
});

test('nothing is written before something waits', async () => {
  const root = await newRoot();
  const store = windowOn(root);
  await store.takeOver();
  await store.keep([]);
  expect(existsSync(root)).toBe(false);
});

test('the queue of a window that lives is left to it; of one that was killed it goes to one other only', async () => {
  const root = await newRoot();
  const [mine, other] = [job('mine'), job('other')];
  const killed = windowOn(root);
  await killed.keep([mine]);
  const [left, right] = [windowOn(root), windowOn(root)];
  await right.keep([other]);
  expect(await left.takeOver()).toEqual({ ...nothing, othersLive: true });
  await killHolder(path.join(root, '0'));
  const taken = await Promise.all([left.takeOver(), right.takeOver()]);
  expect(taken.flatMap(({ jobs }) => jobs)).toEqual([mine]);
  expect(taken[1]?.jobs).toEqual(taken[0]?.jobs.length === 1 ? [] : [mine]);
});

test('what several windows left comes together, what this one has stays, and nothing of it is left behind', async () => {
  const root = await newRoot();
  const [a, b, c] = [job('a'), job('b'), job('c')];
  const [first, second, third] = [windowOn(root), windowOn(root), windowOn(root)];
  await first.keep([a]);
  await second.keep([b]);
  await third.keep([c]);
  await first.release();
  await second.release();
  expect((await third.takeOver()).jobs).toEqual([a, b]);
  await third.release();
  expect((await windowOn(root).takeOver()).jobs).toEqual([c, a, b]);
});

test('a job that stands in two queues after a crash is one', async () => {
  const root = await newRoot();
  const twice = job('twice');
  const [first, second] = [windowOn(root), windowOn(root)];
  await first.keep([twice]);
  await second.keep([twice]);
  await first.release();
  await second.release();
  expect((await windowOn(root).takeOver()).jobs).toEqual([twice]);
});

test.each([
  ['no JSON', '{"format":1,'],
  ['another format', '{"format":2,"jobs":[]}'],
  ['a relative path', JSON.stringify({ format: 1, jobs: [{ ...job('x'), dataset: 'x' }] })],
  ['an order of no kind', JSON.stringify({ format: 1, jobs: [{ ...job('x'), order: { type: 'erase' } }] })],
])('a queue that cannot be read (%s) is told, and the others count', async (_what, text) => {
  const root = await newRoot();
  const good = job('good');
  const [first, second] = [windowOn(root), windowOn(root)];
  await first.keep([job('lost')]);
  await second.keep([good]);
  await first.release();
  await second.release();
  const file = path.join(root, '0', 'queue.json');
  await writeFile(file, text);
  const { jobs, damaged } = await windowOn(root).takeOver();
  expect(jobs).toEqual([good]);
  expect(damaged).toEqual([expect.stringContaining(file)]);
});
