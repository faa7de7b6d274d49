import { appendFileSync } from 'node:fs';
import { mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { RunFolder } from '../../../src/engine/run/folder';
import { type FollowChange, RunFollower } from '../../../src/engine/run/follow';
import { readMetrics } from '../../../src/engine/run/metrics-log';
import { readFiles } from '../data/fixtures';
import { trainOn, translations } from '../train/support';
import { record, refusal, temporaryFolder } from './support';

async function begun(): Promise<{ run: RunFolder; follower: RunFollower; log: string }> {
  const run = await RunFolder.create(await temporaryFolder());
  onTestFinished(() => run.release());
  await run.begin(record);
  return { run, follower: new RunFollower(run.path), log: path.join(run.path, 'metrics.jsonl') };
}

const step = (n: number, loss = n / 2): string =>
  `${JSON.stringify({ event: 'step', step: n, epoch: 0, loss, learningRate: 0.1, seconds: n })}\n`;

const looked = (n: number): string =>
  `${JSON.stringify({ event: 'evaluated', step: n, split: 'dev', metrics: { split: 'dev', loss: n }, seconds: n })}\n`;

const stepsOf = ({ steps }: FollowChange): number[] => [...(steps?.step ?? [])];
const looksOf = ({ evaluations }: FollowChange): number[] => evaluations.map((one) => one.step);

test('tells the record once, then what is new', async () => {
  const { run, follower, log } = await begun();
  const first = await follower.poll();
  expect(first).toMatchObject({ present: true, reset: false, state: 'running', evaluations: [] });
  expect(first.record).toEqual(run.record);
  expect(await follower.poll()).toEqual({ present: true, reset: false, evaluations: [] });
  appendFileSync(log, step(1) + step(2) + looked(2));
  const { steps, evaluations } = await follower.poll();
  expect(steps).toEqual({
    step: Int32Array.of(1, 2),
    loss: Float32Array.of(0.5, 1),
    learningRate: Float32Array.of(0.1, 0.1),
    seconds: Float64Array.of(1, 2),
  });
  expect(evaluations).toEqual([{ step: 2, seconds: 2, metrics: { split: 'dev', loss: 2 } }]);
  await run.update({ state: 'completed', seconds: 3 });
  const last = await follower.poll();
  expect([last.state, last.record?.seconds, last.steps]).toEqual(['completed', 3, undefined]);
});

test('a line is told when its end is written, however it is cut', async () => {
  const { follower, log } = await begun();
  const text = Buffer.from(`${step(1)}${looked(1)}{"event":"note","text":"größer 한"}\n${step(2)}`);
  const told: number[] = [];
  const looks: number[] = [];
  for (const byte of text) {
    appendFileSync(log, Buffer.of(byte));
    const change = await follower.poll();
    told.push(...stepsOf(change));
    looks.push(...looksOf(change));
  }
  expect([told, looks]).toEqual([[1, 2], [1]]);
});

test('what a killed writer tore, and what is no row, is passed over', async () => {
  const { follower, log } = await begun();
  appendFileSync(log, `${step(1)}{"event":"step","step":2,"lo`);
  expect(stepsOf(await follower.poll())).toEqual([1]);
  appendFileSync(log, `\n[3]\nnull\n"x"\n{"event":"step","step":"4"}\n${step(5, Number.NaN)}`);
  const { steps } = await follower.poll();
  expect([...(steps?.step ?? [])]).toEqual([5]);
  expect(steps?.loss[0]).toBeNaN();
});

test('a loss that is spelled out is that number', async () => {
  const { follower, run } = await begun();
  run.appendMetrics({ event: 'step', step: 1, loss: Number.POSITIVE_INFINITY, learningRate: 1, seconds: 1 });
  expect((await follower.poll()).steps?.loss[0]).toBe(Number.POSITIVE_INFINITY);
});

test('a resume that takes nothing back is no reset', async () => {
  const { follower, log } = await begun();
  appendFileSync(log, step(1) + step(2) + looked(2));
  await follower.poll();
  appendFileSync(log, `{"event":"resumed","step":2}\n${looked(2)}${step(3)}`);
  const change = await follower.poll();
  expect([change.reset, stepsOf(change), looksOf(change)]).toEqual([false, [3], []]);
});

test('a resume that takes steps back begins anew, each step once, as done last', async () => {
  const { follower, log } = await begun();
  appendFileSync(log, looked(0) + step(1) + step(2, 2) + looked(2) + step(3));
  await follower.poll();
  appendFileSync(log, `{"event":"resumed","step":1}\n${step(2, 20)}`);
  const change = await follower.poll();
  expect([change.reset, stepsOf(change), looksOf(change)]).toEqual([true, [1, 2], [0]]);
  expect(change.steps?.loss[1]).toBe(20);
  appendFileSync(log, `{"event":"resumed","step":-1}\n${looked(0)}`);
  const again = await follower.poll();
  expect([again.reset, stepsOf(again), looksOf(again)]).toEqual([true, [], [0]]);
  // Whoever comes late is told the same.
  const late = await new RunFollower(follower.folder).poll();
  expect([late.reset, stepsOf(late), looksOf(late)]).toEqual([false, [], [0]]);
});

test('a hundred thousand steps come at once, and others get their turn meanwhile', async () => {
  const { follower, log } = await begun();
  const count = 100_000;
  await writeFile(log, Array.from({ length: count }, (_, i) => step(i + 1, 1)).join(''));
  let longest = 0;
  let turns = 0;
  let at = performance.now();
  const watch = setInterval(() => {
    turns++;
    longest = Math.max(longest, performance.now() - at);
    at = performance.now();
  }, 0);
  const { steps } = await follower.poll();
  clearInterval(watch);
  expect(steps?.step.length).toBe(count);
  expect(steps?.step.at(-1)).toBe(count);
  expect(turns).toBeGreaterThan(20);
  // 20 ms are aimed at; a busy machine may take the processor away for a while.
  expect(longest).toBeLessThan(100);
  appendFileSync(log, step(count + 1));
  expect(stepsOf(await follower.poll())).toEqual([count + 1]);
});

test('a run that is deleted is gone, and another in its place is a new one', async () => {
  const { follower, log, run } = await begun();
  appendFileSync(log, step(1));
  await follower.poll();
  await run.release();
  await rm(run.path, { recursive: true });
  expect(await follower.poll()).toEqual({ present: false, reset: true, evaluations: [] });
  expect(await follower.poll()).toEqual({ present: false, reset: false, evaluations: [] });
});

test('a log that was replaced is read from its start', async () => {
  const { follower, log } = await begun();
  appendFileSync(log, step(1) + step(2));
  await follower.poll();
  await rm(log);
  await writeFile(log, step(1, 9));
  const change = await follower.poll();
  expect([change.reset, stepsOf(change), change.steps?.loss[0]]).toEqual([true, [1], 9]);
});

test('a folder without a record is no run yet; a damaged record is told', async () => {
  const folder = await temporaryFolder();
  const follower = new RunFollower(folder);
  expect((await follower.poll()).present).toBe(false);
  await writeFile(path.join(folder, 'run.json'), '{');
  expect((await refusal(follower.poll())).code).toBe('damaged-run');
});

test('after a look that failed everything is told again', async () => {
  const { follower, log, run } = await begun();
  appendFileSync(log, step(1));
  await follower.poll();
  await run.update({ state: 'completed', seconds: 3 });
  // What cannot be read: the record is seen by then, and must not be lost.
  await rename(log, `${log}.kept`);
  await mkdir(log);
  expect((await refusal(follower.poll())).code).toBe('is-a-folder');
  await rmdir(log);
  await rename(`${log}.kept`, log);
  const change = await follower.poll();
  expect(change).toMatchObject({ reset: true, state: 'completed', record: { seconds: 3 } });
  expect(stepsOf(change)).toEqual([1]);
  expect((await follower.poll()).reset).toBe(false);
});

test('a line without end fills no memory, and what comes after it is told', async () => {
  const { follower, log } = await begun();
  appendFileSync(log, step(1));
  for (let i = 0; i < 3; i++) {
    appendFileSync(log, 'x'.repeat(700_000));
    await follower.poll();
  }
  appendFileSync(log, `\n${step(2)}`);
  expect(stepsOf(await follower.poll())).toEqual([2]);
});

test('a run whose holder died is interrupted', async () => {
  const { follower, run } = await begun();
  expect((await follower.poll()).state).toBe('running');
  await run.release();
  const change = await follower.poll();
  expect([change.state, change.record]).toEqual(['interrupted', undefined]);
});

test('a training is followed while it goes on, to the same story that is on disk', async () => {
  const data = await readFiles({ 'train.csv': translations(300, 1), 'dev.csv': translations(60, 2) });
  const changes: FollowChange[] = [];
  let follower: RunFollower | undefined;
  const done = new AbortController();
  const training = trainOn(
    data,
    { epochs: 4, batchSize: 50, dimensions: 16, text: { vocabularySize: 300 } },
    { onRun: (run) => (follower = new RunFollower(run.path)) },
  ).finally(() => done.abort());
  while (!done.signal.aborted) {
    if (follower) changes.push(await follower.poll());
    await sleep(5);
  }
  const { run } = await training;
  changes.push(await (follower as RunFollower).poll());
  const { rows } = await readMetrics(path.join(run.path, 'metrics.jsonl'));
  const logged = rows.filter(({ event }) => event === 'step').map((row) => row['step']);
  expect(changes.flatMap(stepsOf)).toEqual(logged);
  expect(changes.filter(({ steps }) => steps).length).toBeGreaterThan(1);
  expect(changes.some(({ reset }) => reset)).toBe(false);
  const states = changes.flatMap(({ state }) => (state ? [state] : []));
  expect(states).toEqual(['running', 'completed']);
  const seconds = changes.flatMap(({ steps }) => [...(steps?.seconds ?? [])]);
  expect(seconds.every((at, i) => at > (seconds[i - 1] ?? 0))).toBe(true);
  const looks = changes.flatMap(({ evaluations }) => evaluations);
  expect(looks.map((one) => one.step)).toEqual([0, 6, 12, 18, 24]);
  expect(looks[0]?.modelFree).toMatchObject({ split: 'dev', 'recall@1': expect.any(Number) });
  expect(looks[1]).not.toHaveProperty('modelFree');
  for (const { histogram } of looks) {
    expect(histogram?.positives.length).toBe(100);
    expect(histogram?.positives.reduce((sum, count) => sum + count, 0)).toBe(60);
  }
});

const counts = (...values: number[]) => ({ shape: [values.length], data: Int32Array.from(values) });

test('histograms that are none are left out', async () => {
  const { run, follower, log } = await begun();
  const pairs = [
    [counts(1, 2), counts(1)],
    [counts(), counts()],
    [counts(1, -1), counts(1, 1)],
    [counts(1, 2), counts(3, 4)],
  ] as const;
  for (const [i, [positives, negatives]] of pairs.entries()) {
    const tensors = [
      { name: 'histogram.positives', ...positives },
      { name: 'histogram.negatives', ...negatives },
    ];
    await run.writeSnapshot(i, tensors, {});
    appendFileSync(log, looked(i));
  }
  const { evaluations } = await follower.poll();
  const kept = evaluations.filter(({ histogram }) => histogram !== undefined);
  expect(kept.map(({ step }) => step)).toEqual([3]);
});

test('of a snapshot only the histograms are read', async () => {
  const { run, follower, log } = await begun();
  const bins = Int32Array.from({ length: 100 }, (_, i) => i);
  const probe = new Float32Array(2000 * 256);
  await run.writeSnapshot(
    3,
    [
      { name: 'probe.embeddings', shape: [2000, 256], data: probe },
      { name: 'histogram.positives', shape: [100], data: bins },
      { name: 'histogram.negatives', shape: [100], data: bins.toReversed() },
    ],
    {},
  );
  const file = path.join(run.path, 'snapshots/step-000003.safetensors');
  expect((await stat(file)).size).toBeGreaterThan(2_000_000);
  appendFileSync(log, looked(3) + looked(4));
  const { evaluations } = await follower.poll();
  expect(evaluations[0]?.histogram).toEqual({
    positives: Uint32Array.from(bins),
    negatives: Uint32Array.from(bins.toReversed()),
  });
  // No snapshot: no histogram, and no failure.
  expect(evaluations[1]).not.toHaveProperty('histogram');
});
