import { appendFile, cp, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunFeed } from '../../src/extension/panel/feed';
import { messageLimits, type RunHead } from '../../src/protocol/panel';
import { buildProgram, sharedFolder, start, temporaryFolder } from '../cli/support';
import { joined, logRows, openPage, runsWith, trainRun } from './panel-support';

let trained = '';
let data = '';

beforeAll(async () => {
  buildProgram();
  const folder = await sharedFolder();
  trained = await trainRun(folder, 300, '--epochs', '3', '--batch-size', '16');
  data = path.join(folder, 'data');
}, 120_000);

/** The trained run in a folder of its own, so that it can be changed. */
async function copyOfRun(): Promise<string> {
  const folder = path.join(await temporaryFolder(), path.basename(trained));
  await cp(trained, folder, { recursive: true });
  return folder;
}

async function addSteps(folder: string, from: number, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, i) => {
    const step = from + i;
    return JSON.stringify({
      event: 'step',
      step,
      epoch: 0,
      loss: 1 / step,
      learningRate: 0.1,
      seconds: step / 10,
    });
  });
  await appendFile(path.join(folder, 'metrics.jsonl'), `${lines.join('\n')}\n`);
}

describe('what a page is told of a run', () => {
  it('is what the run folder holds', async () => {
    const feed = new RunFeed(path.basename(trained), runsWith(trained));
    await feed.poll();
    const page = openPage([feed]);
    const steps = await logRows(trained, 'step');
    const evaluations = await logRows(trained, 'evaluated');
    await page.until(() => page.facts('findings').length > 0);
    const [snapshot] = page.facts('snapshot');
    expect(snapshot?.folders).toEqual([trained]);
    expect(snapshot?.runs).toMatchObject([{ run: path.basename(trained), state: 'completed' }]);
    expect(snapshot?.runs[0]?.record?.baselines?.untrained.split).toBe('test');
    const columns = page.facts('steps');
    expect(joined(columns.map(({ step }) => step))).toEqual(steps.map(({ step }) => step));
    expect(joined(columns.map(({ loss }) => loss))).toEqual(
      steps.map(({ loss }) => Math.fround(loss as number)),
    );
    const views = page.facts('evaluations').flatMap(({ evaluations }) => evaluations);
    const final = evaluations.filter(({ split }) => split === 'dev');
    expect(views.map(({ step }) => step)).toEqual([...new Set(final.map(({ step }) => step))]);
    expect(views[0]?.histogram?.positives.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    // The page has heard all: nothing comes again.
    const heard = page.told.length;
    page.session().wake();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(page.told).toHaveLength(heard);
  });

  it('comes within 300 ms of `ready` for a run of 10,000 steps, in messages within the limit', async () => {
    const folder = await copyOfRun();
    const { step: last } = (await logRows(folder, 'step')).at(-1) as { step: number };
    await addSteps(folder, last + 1, 10_000 - last);
    const feed = new RunFeed(path.basename(folder), runsWith(folder));
    await feed.poll();
    const began = performance.now();
    const page = openPage([feed]);
    await page.until(() => page.facts('steps').reduce((sum, { step }) => sum + step.length, 0) === 10_000);
    expect(performance.now() - began).toBeLessThan(300);
    expect(Math.max(...page.messages.map(({ bytes }) => bytes))).toBeLessThanOrEqual(messageLimits.bytes);
  });

  it('is told again from the start to a page that was shown again', async () => {
    const feed = new RunFeed(path.basename(trained), runsWith(trained));
    await feed.poll();
    const page = openPage([feed]);
    await page.until(() => page.facts('findings').length === 1);
    page.host.notify('ready', { protocol: 1 });
    await page.until(() => page.facts('findings').length === 2);
    const half = page.told.length / 2;
    expect(page.told.slice(half)).toEqual(page.told.slice(0, half));
  });

  it('begins anew where a resume took steps back', async () => {
    const folder = await copyOfRun();
    const feed = new RunFeed(path.basename(folder), runsWith(folder));
    await feed.poll();
    const page = openPage([feed]);
    await page.until(() => page.facts('findings').length > 0);
    await appendFile(
      path.join(folder, 'metrics.jsonl'),
      `${JSON.stringify({ event: 'resumed', step: 2 })}\n`,
    );
    await addSteps(folder, 3, 4);
    expect(await feed.poll()).toBe(true);
    page.session().wake();
    await page.until(() => page.facts('snapshot').length === 2 && page.told.at(-1)?.name === 'findings');
    const again = page.told.slice(page.told.findLastIndex(({ name }) => name === 'snapshot'));
    const steps = again
      .filter(({ name }) => name === 'steps')
      .map(({ fact }) => fact as { step: Int32Array });
    expect(joined(steps.map(({ step }) => step))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is not kept for a page that is frozen, which begins anew when it wakes', async () => {
    const folder = await copyOfRun();
    const feed = new RunFeed(path.basename(folder), runsWith(folder));
    await feed.poll();
    const page = openPage([feed]);
    await page.until(() => page.facts('findings').length > 0);
    let { step } = (await logRows(folder, 'step')).at(-1) as { step: number };
    const live = async (): Promise<void> => {
      await addSteps(folder, step + 1, 10);
      step += 10;
      await feed.poll();
      page.session().wake();
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    page.freeze(true);
    const before = page.messages.length;
    const end = performance.now() + 6_000;
    while (performance.now() < end) await live();
    const sent = page.messages.length - before;
    // Eight a second would be 48.
    expect(sent).toBeLessThan(40);
    page.freeze(false);
    await page.until(() => page.facts('snapshot').length === 2);
    await live();
    const told = (): number[] => {
      const last = page.told.findLastIndex(({ name }) => name === 'snapshot');
      const parts = page.told.slice(last).filter(({ name }) => name === 'steps');
      return joined(parts.map(({ fact }) => (fact as { step: Int32Array }).step));
    };
    await page.until(() => told().length >= step);
    expect(told()).toEqual(Array.from({ length: step }, (_, i) => i + 1));
  });

  it('says of a run that was deleted that it is gone, and keeps what it knew', async () => {
    const folder = await copyOfRun();
    const feed = new RunFeed(path.basename(folder), runsWith(folder));
    await feed.poll();
    const steps = feed.steps.length;
    expect(steps).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
    await feed.poll();
    expect(feed.head.failure).toMatchObject({ code: 'run-gone' });
    expect(feed.head.failure?.message).toContain(folder);
    expect(feed.steps).toHaveLength(steps);
    await cp(trained, folder, { recursive: true });
    await feed.poll();
    expect(feed.head.failure).toBeUndefined();
    expect(feed.steps).toHaveLength(steps);
  });

  it('names what is wrong with a damaged run, and goes on when it is mended', async () => {
    const folder = await copyOfRun();
    const feed = new RunFeed(path.basename(folder), runsWith(folder));
    await writeFile(path.join(folder, 'run.json'), '{');
    await feed.poll();
    expect(feed.head.failure?.message).toContain('run.json');
    await cp(path.join(trained, 'run.json'), path.join(folder, 'run.json'));
    await feed.poll();
    expect(feed.head.failure).toBeUndefined();
    expect(feed.head.record?.steps).toBeGreaterThan(0);
  });

  it('has no number that would become null on the way', async () => {
    const folder = await copyOfRun();
    const row = {
      event: 'evaluated',
      step: 100_000,
      split: 'dev',
      metrics: { split: 'dev', loss: 'NaN', rank: 3 },
    };
    await appendFile(path.join(folder, 'metrics.jsonl'), `${JSON.stringify(row)}\n`);
    const feed = new RunFeed(path.basename(folder), runsWith(folder));
    await feed.poll();
    expect(feed.evaluations.at(-1)?.metrics).toEqual({ split: 'dev', rank: 3 });
  });
});

describe('a run that is training', () => {
  it('is told live, each step once and in order, within the limits', async () => {
    const folder = await temporaryFolder();
    const runs = path.join(folder, 'runs');
    const training = start(
      ['train', data, '--runs', runs, '--epochs', '40', '--batch-size', '16', '--json'],
      folder,
    );
    await training.until(/"event":"step"/);
    const [id = ''] = await readdir(runs);
    const run = path.join(runs, id);
    const feed = new RunFeed(id, runsWith(run, { state: 'running', elsewhere: true }));
    const page = openPage([feed]);
    while (feed.head.state === 'running') {
      if (await feed.poll()) page.session().wake();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await training.done;
    const rows = await logRows(run, 'step');
    const told = (): number[] => joined(page.facts('steps').map(({ step }) => step));
    const last = (): RunHead | undefined => page.facts('head').at(-1);
    await page.until(() => told().length >= rows.length && last()?.state === 'completed');
    expect(told()).toEqual(rows.map(({ step }) => step));
    expect(last()?.record?.metrics).toBeDefined();
    const busiest = page.messages.map(
      ({ at }) => page.messages.filter((m) => m.at > at - 1_000 && m.at <= at).length,
    );
    expect(Math.max(...busiest)).toBeLessThanOrEqual(messageLimits.perSecond);
  });
});
