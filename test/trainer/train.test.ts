import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { RunFolder } from '../../src/engine/run/folder';
import { RunFollower } from '../../src/engine/run/follow';
import { liveHolder } from '../../src/engine/run/holder';
import type { JobOutcome } from '../../src/protocol/trainer';
import { buildProgram, temporaryFolder, writePairs } from '../cli/support';
import { resume, startTrainer, type Trainer, train } from './client';

const small = { batchSize: 32, dimensions: 16, epochs: 3, seed: 5 };
/** Long enough to be stopped in. */
const long = { ...small, epochs: 400, patience: 0 };

beforeAll(buildProgram);

async function place(): Promise<{ folder: string; runsDir: string }> {
  const here = await temporaryFolder();
  const folder = path.join(here, 'data');
  await writePairs(folder);
  return { folder, runsDir: path.join(here, 'runs') };
}

async function training(trainer: Trainer): Promise<string> {
  await trainer.heard((fact) => fact.fact === 'phase' && fact.phase === 'training' && fact.done > 3);
  const known = await trainer.heard(({ fact }) => fact === 'run');
  return (known as { run: string }).run;
}

const runOf = (outcome: JobOutcome): string => ('run' in outcome && outcome.run) || '';

test('a run is trained, told of, and the process ends by itself', async () => {
  const where = await place();
  const trainer = startTrainer();
  const outcome = await train(trainer, { ...where, name: 'Erster', settings: small });
  expect(outcome).toEqual({ outcome: 'completed', run: expect.stringMatching(/-erster$/) });
  expect(await trainer.ended).toEqual([0, null]);
  expect(trainer.stderr()).toBe('');
  const run = await RunFolder.open(runOf(outcome));
  expect(run.record).toMatchObject({ state: 'completed', name: 'Erster', config: small });
  expect(run.record.dataset.path).toBe('../../data');
  const kinds = trainer.facts.map((fact) => (fact.fact === 'phase' ? fact.phase : fact.fact));
  const order = kinds.filter((kind, i) => kind !== kinds[i - 1]);
  expect(order).toEqual([
    'reading',
    'checking',
    'preparing',
    'inspected',
    'tokenising',
    'run',
    'baselines',
    'training',
    'saving',
  ]);
  const inspected = trainer.facts.find(({ fact }) => fact === 'inspected');
  expect(inspected).toMatchObject({ report: { layout: 'pairs', ready: true, batch: { size: 30 } } });
});

test('progress is told at most about ten times a second', async () => {
  const where = await place();
  const trainer = startTrainer();
  await train(trainer, { ...where, settings: { ...small, epochs: 30, patience: 0 } });
  const at = trainer.facts.flatMap((fact) =>
    fact.fact === 'phase' && fact.phase === 'training' ? [fact.at] : [],
  );
  expect(at.length).toBeGreaterThan(1);
  expect(at.length).toBeLessThanOrEqual(2 + ((at.at(-1) as number) - (at[0] as number)) / 90);
});

test('a stop leaves a checkpoint, and a resume ends with the figures of a run that was not stopped', async () => {
  const where = await place();
  const whole = await train(startTrainer(), { ...where, settings: { ...small, epochs: 40, patience: 0 } });
  const trainer = startTrainer();
  const ending = train(trainer, { ...where, settings: { ...small, epochs: 40, patience: 0 } });
  await training(trainer);
  const asked = performance.now();
  trainer.talk.notify('stop', {});
  const outcome = await ending;
  expect(performance.now() - asked).toBeLessThan(1000);
  expect(outcome).toMatchObject({ outcome: 'stopped' });
  expect(await trainer.ended).toEqual([0, null]);
  const stopped = await RunFolder.open(runOf(outcome));
  expect(await stopped.state()).toBe('stopped');
  expect(await readdir(path.join(stopped.path, 'checkpoints'))).not.toHaveLength(0);
  const before = await new RunFollower(stopped.path).poll();

  const second = startTrainer();
  expect(await resume(second, stopped.path)).toEqual({ outcome: 'completed', run: stopped.path });
  const [one, other] = [await RunFolder.open(runOf(whole)), await RunFolder.open(stopped.path)];
  expect(other.record.metrics).toEqual(one.record.metrics);
  const { steps } = await new RunFollower(stopped.path).poll();
  expect(steps?.step.length).toBe(one.record.steps);
  // The clock goes on where it stood: the time in between was nobody's.
  const done = before.steps?.step.length as number;
  const [last, next] = [steps?.seconds[done - 1] as number, steps?.seconds[done] as number];
  expect(last).toBe(before.steps?.seconds.at(-1));
  expect(next).toBeGreaterThan(last);
  expect(next - last).toBeLessThan(1);
});

test('data with an error is refused with the report, and nothing is started', async () => {
  const { folder, runsDir } = await place();
  await writeFile(path.join(folder, 'data.csv'), 'anchor,positive\n"unclosed,line\n');
  const outcome = await train(startTrainer(), { folder, runsDir });
  expect(outcome).toMatchObject({
    outcome: 'refused',
    report: { ready: false, problems: [{ severity: 'error', file: 'data.csv', line: 2 }] },
  });
  expect(existsSync(runsDir)).toBe(false);
});

test('a configuration that cannot be trained on the data is refused with what was found in it', async () => {
  const { folder, runsDir } = await place();
  const outcome = await train(startTrainer(), {
    folder,
    runsDir,
    settings: { negatives: 'explicit-paired' },
  });
  expect(outcome).toMatchObject({
    outcome: 'refused',
    report: {
      layout: 'pairs',
      ready: false,
      problems: expect.arrayContaining([expect.objectContaining({ code: 'no-negatives' })]),
    },
  });
  expect(existsSync(runsDir)).toBe(false);
});

test('warnings are told and do not block', async () => {
  const { folder, runsDir } = await place();
  await writePairs(path.join(folder, 'leak'), 60);
  const text = 'anchor,positive\n';
  await mkdir(path.join(folder, 'more'), { recursive: true });
  await writeFile(path.join(folder, 'more/data.csv'), text);
  const trainer = startTrainer();
  expect(await train(trainer, { folder, runsDir, settings: small })).toMatchObject({ outcome: 'completed' });
  const inspected = trainer.facts.find(({ fact }) => fact === 'inspected');
  const warned = { problems: expect.arrayContaining([expect.objectContaining({ severity: 'warning' })]) };
  expect(inspected).toMatchObject({ report: { ready: true, ...warned } });
});

test.each([
  ['a setting that is none', { temperature: -1 }, 'bad-config', 'train.temperature'],
  ['an unknown setting', { speed: 9 }, 'bad-config', 'speed'],
])('%s is a failure in a sentence', async (_what, settings, code, words) => {
  const trainer = startTrainer();
  const outcome = await train(trainer, { ...(await place()), settings });
  expect(outcome).toMatchObject({
    outcome: 'failed',
    failure: { code, message: expect.stringContaining(words) },
  });
  expect(await trainer.ended).toEqual([0, null]);
  expect(trainer.stderr()).toBe('');
});

test('a run that blows up has failed, with its folder', async () => {
  const { folder, runsDir } = await place();
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 11},${i / 10},${'abc'[i % 3]}`);
  await writeFile(path.join(folder, 'data.csv'), `x,y,z,label\n${rows.join('\n')}\n`);
  const hidden = [8, 8, 8, 8, 8, 8, 8, 8];
  const settings = { batchSize: 8, epochs: 9, learningRate: 1e6, warmup: 0, vector: { hidden } };
  const outcome = await train(startTrainer(), { folder, runsDir, settings });
  expect(outcome).toMatchObject({
    outcome: 'failed',
    failure: { code: 'non-finite-loss', file: 'data.csv' },
  });
  expect((await RunFolder.open(runOf(outcome))).record.state).toBe('failed');
});

test('the disk where runs go cannot be written: a failure that names it', async () => {
  const { folder } = await place();
  const file = path.join(folder, 'data.csv');
  const outcome = await train(startTrainer(), { folder, runsDir: file, settings: small });
  expect(outcome).toMatchObject({ outcome: 'failed', failure: { message: expect.stringContaining(file) } });
});

test.each(['disconnect', 'SIGTERM', 'SIGHUP'] as const)(
  'when the other side goes (%s) it stops, resumable, and ends',
  async (how) => {
    const trainer = startTrainer();
    const ending = train(trainer, { ...(await place()), settings: long }).catch((error: Error) => error);
    const run = await training(trainer);
    const from = performance.now();
    if (how === 'disconnect') trainer.child.disconnect();
    else trainer.child.kill(how);
    expect(await trainer.ended).toEqual([0, null]);
    expect(performance.now() - from).toBeLessThan(5000);
    const opened = await RunFolder.open(run);
    expect(await opened.state()).toBe('stopped');
    expect(await liveHolder(run)).toBeUndefined();
    expect(await opened.latestCheckpoint()).toBeDefined();
    const answer = await ending;
    const heard = answer instanceof Error ? 'nobody listens' : answer;
    expect(heard).toEqual(how === 'disconnect' ? 'nobody listens' : { outcome: 'stopped', run });
  },
);

test('a stop before there is a run leaves nothing behind', async () => {
  const where = await place();
  const trainer = startTrainer();
  const ending = train(trainer, { ...where, settings: long });
  trainer.talk.notify('stop', {});
  const outcome = await ending;
  expect(outcome).toEqual({ outcome: 'stopped' });
  expect(await trainer.ended).toEqual([0, null]);
  expect(existsSync(where.runsDir) ? await readdir(where.runsDir) : []).toEqual([]);
});

test('a run that another process works on is not taken', async () => {
  const first = startTrainer();
  const ending = train(first, { ...(await place()), settings: long });
  const run = await training(first);
  expect(await resume(startTrainer(), run)).toMatchObject({
    outcome: 'failed',
    failure: { code: 'run-held', message: expect.stringContaining(`process ${first.child.pid}`) },
  });
  first.talk.notify('stop', {});
  expect(await ending).toMatchObject({ outcome: 'stopped' });
});

test('without a parent that asks, it ends', async () => {
  const trainer = startTrainer();
  trainer.child.disconnect();
  expect(await trainer.ended).toEqual([0, null]);
});

test('a question alone: what is in a folder', async () => {
  const { folder } = await place();
  const { talk } = startTrainer();
  const report = await talk.request('inspect', { protocol: 1, folder });
  expect(report).toMatchObject({ layout: 'pairs', ready: true, estimate: { steps: expect.any(Number) } });
});

test('another version of the protocol is refused in a sentence', async () => {
  const { folder } = await place();
  const { talk } = startTrainer();
  const refusal = talk.request('inspect', { protocol: 99, folder });
  await expect(refusal).rejects.toThrow(/version 1 .* version 99: reload the window/);
});
