import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RunFolder } from '../../../src/engine/run/folder';
import { listRuns } from '../../../src/engine/run/list';
import { makeRunId } from '../../../src/engine/run/run-id';
import { dataset, pairs, program, record, refusal, temporaryFolder } from './support';

const now = new Date('2026-11-23T19:32:05.678Z');

async function begun(name?: string): Promise<RunFolder> {
  const run = await RunFolder.create(await temporaryFolder(), name, now);
  onTestFinished(() => run.release());
  await run.begin(record);
  return run;
}

test.each([
  [undefined, /^20261123-193205-[0-9a-f]{4}$/],
  ['Größe  3/../x', /^20261123-193205-[0-9a-f]{4}-größe-3-x$/],
  ['../..', /^20261123-193205-[0-9a-f]{4}$/],
  ['한국어', /^20261123-193205-[0-9a-f]{4}-한국어$/],
  ['x'.repeat(300), /^20261123-193205-[0-9a-f]{4}-x{40}$/],
])('the name %s makes a sortable folder name', (name, form) => {
  expect(makeRunId(now, name)).toMatch(form);
});

test('two hundred runs of one second get folders of their own', async () => {
  const folder = await temporaryFolder();
  const ids = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const run = await RunFolder.create(folder, undefined, now);
    ids.add(run.id);
    await run.release();
  }
  expect(ids.size).toBe(200);
});

test('the record survives, with numbers that JSON does not know', async () => {
  const run = await begun('trial 1');
  await run.update({
    state: 'failed',
    metrics: { split: 'dev', loss: Number.NaN, 'recall@1': 0.5, rank: Number.POSITIVE_INFINITY },
    failure: { code: 'not-finite', message: 'loss is NaN at step 7', line: 7 },
  });
  const read = await RunFolder.open(run.path);
  expect(read.record).toEqual(run.record);
  expect(read.record).toMatchObject({
    name: 'trial 1',
    id: run.id,
    createdAt: now.toISOString(),
    config: record.config,
  });
  expect(Object.is(read.record.metrics?.loss, Number.NaN)).toBe(true);
  await run.update({ seconds: 3 });
  expect(run.record.failure?.code).toBe('not-finite');
  expect(await readFile(path.join(run.path, 'run.json'), 'utf8')).toContain('"loss": "NaN"');
});

test('a failed run that goes on has failed no more', async () => {
  const run = await begun();
  await run.update({ state: 'failed', failure: { code: 'disk-full', message: 'the disk is full' } });
  await run.update({ state: 'running' });
  expect((await RunFolder.open(run.path)).record).not.toHaveProperty('failure');
});

test.each([
  ['written by a newer version', '{"formatVersion": 2, "anything": 1}', 'newer-run', 'update the program'],
  ['cut short', '{"formatVersion": 1, "id"', 'damaged-run', 'not JSON'],
  ['of something else', '{"name": "infonce-lab"}', 'damaged-run', 'formatVersion'],
  ['an array', '[]', 'damaged-run', 'not the record'],
])('a run.json %s is refused and left alone', async (_what, text, code, words) => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'run.json'), text);
  const error = await refusal(RunFolder.open(folder));
  expect(error.code).toBe(code);
  expect(error.message).toContain(words);
  expect(await readFile(path.join(folder, 'run.json'), 'utf8')).toBe(text);
});

test('a wrong field of the record is named', async () => {
  const run = await begun();
  const file = path.join(run.path, 'run.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace('"epochs": 3', '"epochs": "3"'));
  expect((await refusal(RunFolder.open(run.path))).message).toContain('config.epochs');
});

test('only the holder writes', async () => {
  const run = await begun();
  const reader = await RunFolder.open(run.path);
  await expect(reader.update({ seconds: 1 })).rejects.toThrow('without being held');
  expect((await refusal(reader.hold())).code).toBe('run-held');
  await run.update({ seconds: 2 });
  await run.release();
  await reader.hold();
  expect(reader.record.seconds).toBe(2);
  await reader.update({ state: 'stopped' });
  await reader.release();
  expect((await RunFolder.open(run.path)).record).toMatchObject({ seconds: 2, state: 'stopped' });
});

test('a killed run shows as interrupted and can be taken up', async () => {
  const folder = await temporaryFolder();
  const script = await program(
    folder,
    `import { RunFolder } from '../../../src/engine/run/folder';
     RunFolder.create(process.argv[2], 'killed').then(async (run) => {
       await run.begin(JSON.parse(process.argv[3]));
       for (let step = 1; ; step++) {
         run.appendMetrics({ event: 'step', step });
         if (step === 100) process.stdout.write(run.path);
         if (step % 100 === 0) await new Promise(setImmediate);
       }
     });`,
  );
  const child = spawn(process.execPath, [script, path.join(folder, 'runs'), JSON.stringify(record)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const run = await RunFolder.open(said.toString());
  expect(await run.state()).toBe('running');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await run.state()).toBe('interrupted');
  expect(await listRuns(path.join(folder, 'runs'))).toMatchObject([{ id: run.id, state: 'interrupted' }]);
  const { rows, damaged } = await run.readMetrics();
  expect(rows.map(({ step }) => step)).toEqual(rows.map((_, i) => i + 1));
  expect([rows.length >= 100, damaged <= 1]).toEqual([true, true]);
  await run.hold();
  await run.update({ state: 'stopped' });
  await run.release();
  expect(await run.state()).toBe('stopped');
});

test('the two newest checkpoints are kept; a damaged one is passed over and told', async () => {
  const run = await begun();
  expect(await run.latestCheckpoint()).toBeUndefined();
  for (const step of [9, 10, 999_999, 1_000_000]) {
    await run.writeCheckpoint(step, [{ name: 'w', shape: [1], data: Float32Array.of(step) }], {
      step: `${step}`,
    });
  }
  const folder = path.join(run.path, 'checkpoints');
  expect(await readdir(folder)).toEqual(['step-1000000.safetensors', 'step-999999.safetensors']);
  const newest = await run.latestCheckpoint();
  expect(newest).toMatchObject({ step: 1_000_000, state: new Map([['step', '1000000']]) });
  expect(newest?.tensors).toEqual([{ name: 'w', shape: [1], data: Float32Array.of(1_000_000) }]);
  await truncate(path.join(folder, 'step-1000000.safetensors'), 50);
  const passedOver: string[] = [];
  const older = await run.latestCheckpoint((why) => passedOver.push(why));
  expect(older?.step).toBe(999_999);
  expect(passedOver).toEqual([expect.stringContaining('step-1000000')]);
});

test('a model comes back whole; without one the message says what to do', async () => {
  const run = await begun();
  expect(await refusal(run.readModel())).toMatchObject({ code: 'no-model' });
  expect((await refusal(run.readEmbeddings())).message).toContain('(running) has no embeddings');
  const tensors = [{ name: 'table', shape: [2, 1], data: Float32Array.of(1, 2) }];
  await run.writeModel(tensors, { kind: 'text' }, '{"version":"1.0"}');
  expect(await run.readModel()).toEqual({ tensors, model: { kind: 'text' }, tokenizer: '{"version":"1.0"}' });
  await run.writeSnapshot(3, tensors, { split: 'dev' });
  expect(await readdir(path.join(run.path, 'snapshots'))).toEqual(['step-000003.safetensors']);
});

test('a folder goes again when nothing was begun, with its record it stays', async () => {
  const folder = await temporaryFolder();
  const reading = { layout: 'pairs', columns: { anchor: 'q' } };
  const [empty, full] = [await RunFolder.create(folder), await RunFolder.create(folder, 'x', now, reading)];
  await full.begin(record);
  for (const run of [empty, full]) await run.releaseOrDiscard();
  expect(await readdir(folder)).toEqual([full.id]);
  expect((await RunFolder.open(full.path)).record.dataset).toEqual({ ...record.dataset, reading });
});

test('runs are listed newest first, unreadable ones with the reason', async () => {
  const folder = await temporaryFolder();
  expect(await listRuns(path.join(folder, 'missing'))).toEqual([]);
  for (const [day, name] of [
    ['2026-01-02', 'b'],
    ['2026-01-01', 'a'],
  ] as const) {
    const run = await RunFolder.create(folder, name, new Date(day));
    await run.begin({ ...record });
    await run.update({ state: 'completed' });
    await run.release();
  }
  await mkdir(path.join(folder, '20260103-000000-0000'));
  await writeFile(path.join(folder, '20260103-000000-0000', 'run.json'), '{"formatVersion": 1}');
  await mkdir(path.join(folder, 'no run'));
  await writeFile(path.join(folder, 'notes.txt'), '');
  const runs = await listRuns(folder);
  expect(runs.map((run) => ('unreadable' in run ? run.unreadable : run.record.name))).toEqual([
    expect.stringContaining('is not the record of a run'),
    'b',
    'a',
  ]);
});

test('items go through the folder', async () => {
  const run = await begun();
  await run.writeItems(
    dataset({ content: ['a\u2028b', 'c'] }, { train: { items: [0, 1], relations: pairs([0], [1]) } }),
  );
  expect((await run.readItems()).map(({ content }) => content)).toEqual(['a\u2028b', 'c']);
});

test('where a file lies in the way, the message names it', async () => {
  const file = path.join(await temporaryFolder(), 'runs');
  await writeFile(file, '');
  expect(await refusal(RunFolder.create(file))).toMatchObject({ code: 'not-a-folder', file });
});

test('a folder that was deleted while its run goes on is missed, and not made anew', async () => {
  const run = await begun();
  await rm(run.path, { recursive: true });
  const tensor = { name: 'a', shape: [1], data: new Float32Array(1) };
  expect(await refusal(run.writeSnapshot(1, [tensor], {}))).toMatchObject({ code: 'path-missing' });
  expect(await refusal(run.writeCheckpoint(1, [tensor], {}))).toMatchObject({ code: 'path-missing' });
  expect(existsSync(run.path)).toBe(false);
});
