import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'npyjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { RunFolder } from '../../src/engine/run/folder';
import {
  buildProgram,
  jsonLines,
  type Outcome,
  run,
  sharedFolder,
  temporaryFolder,
  writePairs,
} from './support';

const quick = ['--epochs', '3', '--batch-size', '32', '--dimensions', '16', '--seed', '5'];

let folder: string;
let trained: Outcome;
let events: Record<string, unknown>[];
let runPath: string;

beforeAll(async () => {
  buildProgram();
  folder = await sharedFolder();
  await writePairs(path.join(folder, 'data'));
  trained = await run(['train', 'data', ...quick, '--name', 'Erster Lauf', '--json'], folder);
  events = jsonLines(trained.stdout);
  runPath = events[0]?.['run'] as string;
});

function completed(): { metrics: Record<string, number>; baselines: Record<string, Record<string, number>> } {
  return events.at(-1) as unknown as ReturnType<typeof completed>;
}

test('train --json tells its story in events', () => {
  expect(trained.code).toBe(0);
  expect(trained.stderr).not.toContain('error');
  const [started] = events;
  expect(started).toEqual({
    event: 'started',
    run: expect.stringContaining(path.join(folder, '.infonce', 'runs')),
    steps: expect.any(Number),
    parameters: expect.any(Number),
    backend: expect.stringMatching(/^(tensorflow|javascript)$/),
  });
  const steps = events.filter(({ event }) => event === 'step');
  expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1));
  expect(steps).toHaveLength(started?.['steps'] as number);
  expect(steps.every(({ loss, epoch }) => Number.isFinite(loss) && Number.isInteger(epoch))).toBe(true);
  expect(events.find(({ event }) => event === 'evaluated')).toMatchObject({
    step: 0,
    split: 'dev',
    metrics: { split: 'dev' },
  });
  expect(events.at(-1)).toMatchObject({
    event: 'completed',
    run: runPath,
    metrics: { 'recall@1': expect.any(Number), loss: expect.any(Number) },
    baselines: {
      untrained: { 'recall@1': expect.any(Number) },
      model_free: { 'recall@1': expect.any(Number) },
    },
    seconds: expect.any(Number),
    pairsPerSecond: expect.any(Number),
  });
});

test('the run folder holds what the contract names', async () => {
  expect(path.basename(runPath)).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4}-erster-lauf$/);
  expect((await readdir(runPath)).sort()).toEqual([
    'embeddings.safetensors',
    'items.jsonl',
    'metrics.jsonl',
    'model.json',
    'model.safetensors',
    'relations.safetensors',
    'run.json',
    'snapshots',
    'tokenizer.json',
  ]);
  const opened = await RunFolder.open(runPath);
  expect(opened.record).toMatchObject({
    state: 'completed',
    name: 'Erster Lauf',
    dataset: { path: '../../../data', kind: 'text' },
    config: { epochs: 3, batchSize: 32, dimensions: 16, seed: 5 },
    metrics: completed().metrics,
  });
  const { rows, damaged } = await opened.readMetrics();
  expect(damaged).toBe(0);
  const logged = rows.filter(({ event }) => event === 'step').map(({ step, loss }) => [step, loss]);
  expect(logged).toEqual(
    events.filter(({ event }) => event === 'step').map(({ step, loss }) => [step, loss]),
  );
});

test('the same seed gives the same numbers, and the human output is a table of them', async () => {
  const again = await run(['train', 'data', ...quick, '--runs', 'elsewhere'], folder);
  expect(again.code).toBe(0);
  expect(await readdir(path.join(folder, 'elsewhere'))).toHaveLength(1);
  const row = /^recall@1 +(\S+) +(\S+) +(\S+)$/m.exec(again.stdout)?.slice(1);
  const { metrics, baselines } = completed();
  const figures = [metrics, baselines['untrained'], baselines['model_free']].map((of) =>
    of?.['recall@1']?.toFixed(4),
  );
  expect(row).toEqual(figures);
  expect(again.stdout).toMatch(/^(dev|test) +trained +untrained +TF-IDF$/m);
  expect(again.stdout).toMatch(/BELOW THE BASELINE|at least as good as/);
  for (const mark of ['\u001b', '░']) expect(again.stderr).not.toContain(mark);
});

test('a run that ends below a baseline says so', async () => {
  const args = ['--epochs', '1', '--batch-size', '256', '--dimensions', '2', '--learning-rate', '0.000001'];
  const { code, stdout } = await run(['train', 'data', ...args, '--runs', 'bad'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^BELOW THE BASELINE: mrr@10 0\.\d{4} is worse than .*TF-IDF \(0\.\d{4}\)/m);
});

describe('neighbours', () => {
  test('of a text are answers, best first', async () => {
    const { code, stdout, stderr } = await run(
      ['neighbours', runPath, '--text', 'who made the boat number 3 for the potter', '-k', '4', '--json'],
      folder,
    );
    expect([code, stderr]).toEqual([0, '']);
    const found = jsonLines(stdout);
    expect(found.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
    expect(
      found.every(({ role, content }) => role === 'document' && String(content).includes(' came from ')),
    ).toBe(true);
    const similarities = found.map(({ similarity }) => similarity as number);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
    expect(similarities[0]).toBeLessThanOrEqual(1);
  });

  test('of an item leave the item out; the human output has a place to open', async () => {
    const items = jsonLines(await readFile(path.join(runPath, 'items.jsonl'), 'utf8'));
    const document = items.find(({ role }) => role === 'document') as { id: string; content: string };
    const { code, stdout } = await run(['neighbours', path.basename(runPath), '--item', document.id], folder);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[1]).toMatch(/^ +1 +\d\.\d{4} +\S.* data\.csv:\d+$/);
    expect(stdout).not.toContain(document.content);
    expect(lines.every((line) => line.length <= 120)).toBe(true);
  });

  test.each([
    [['--image', 'x.png'], 'trained on texts: use --text'],
    [['--item', 'nope'], 'no item has the id "nope"'],
    [[], 'give one of --text'],
    [['--text', ' '], 'the query is empty'],
    [['--image', ''], 'the query is empty'],
  ])('with %j are refused', async (query, words) => {
    const { code, stderr } = await run(['neighbours', runPath, ...query], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toContain(words);
  });
});

test('evaluate gives the figures of the training', async () => {
  const { code, stdout } = await run(['evaluate', runPath, '--json'], folder);
  expect(code).toBe(0);
  const { metrics } = completed();
  const { split } = metrics;
  const evaluated = { event: 'evaluated', run: runPath, split, whole: false, rows: 30, metrics };
  expect(jsonLines(stdout)).toEqual([evaluated]);
  const shown = await run(['evaluate', runPath], folder);
  expect(shown.stdout).toMatch(/trained +untrained +TF-IDF/);
  expect(shown.stdout).toMatch(/^30 rows, 30 candidates: the test split$/m);
  const train = await run(['evaluate', runPath, '--split', 'train'], folder);
  expect(train.stdout).toMatch(/^train +trained$/m);
});

test('evaluate scores the whole of other data, and of a copy of its own only what it has not seen', async () => {
  const other = path.join(folder, 'other');
  await writePairs(other, 40);
  await rename(path.join(other, 'data.csv'), path.join(other, 'test.csv'));
  const json = await run(['evaluate', runPath, 'other', '--json'], folder);
  expect(jsonLines(json.stdout)).toMatchObject([{ split: 'test', whole: true, rows: 40 }]);
  expect((await run(['evaluate', runPath, 'other'], folder)).stdout).toMatch(
    /^40 rows, 40 candidates: all of the data, which names no dev or test split$/m,
  );
  await writePairs(path.join(folder, 'copy'));
  for (const own of ['copy', 'data']) {
    const again = await run(['evaluate', runPath, own, '--json'], folder);
    expect(jsonLines(again.stdout)).toMatchObject([{ rows: 30, metrics: completed().metrics }]);
  }
});

test('evaluate tells what is wrong with other data', async () => {
  const leaky = path.join(folder, 'leaky');
  await writePairs(leaky, 40);
  await copyFile(path.join(leaky, 'data.csv'), path.join(leaky, 'test.csv'));
  const { code, stderr } = await run(['evaluate', runPath, 'leaky'], folder);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: 40 of 40 test rows are also in train/m);
});

test('embed writes a matrix whose rows are those of the run', async () => {
  const here = await temporaryFolder();
  const items = jsonLines(await readFile(path.join(runPath, 'items.jsonl'), 'utf8'));
  const texts = items.slice(0, 3).map(({ content }) => content as string);
  await writeFile(path.join(here, 'texts.txt'), `\uFEFF${texts.join('\r\n\r\n')}`);
  const { code, stderr } = await run(['embed', runPath, 'texts.txt', '--out', 'out.npy'], here);
  expect([code, stderr]).toEqual([0, 'warning: 2 lines without text left out\n']);
  const file = await readFile(path.join(here, 'out.npy'));
  const matrix = parse(new Uint8Array(file).buffer);
  expect([matrix.shape, matrix.dtype]).toEqual([[3, 16], 'f4']);
  const { tensors } = await (await RunFolder.open(runPath)).readEmbeddings();
  const expected = tensors[0]?.data.subarray(0, 48) as Float32Array;
  for (const [i, value] of (matrix.data as Float32Array).entries())
    expect(value).toBeCloseTo(expected[i] as number, 5);
  expect(jsonLines(await readFile(path.join(here, 'out.npy.items.jsonl'), 'utf8'))).toEqual(
    texts.map((content, i) => ({ id: items[i]?.['id'], content, file: 'texts.txt', line: 2 * i + 1 })),
  );
});

test.each([
  ['one column', 'data.csv', 'text\n"one, two"\nthree, four\n', ['one, two', 'three, four']],
  ['a column among others', 'data.csv', 'id,text\n1,one thing\n2,two things\n', ['one thing', 'two things']],
  ['one field', 'data.jsonl', '{"text": "one thing"}\n{"text": "two things"}\n', ['one thing', 'two things']],
  ['a single pair', 'data.csv', 'anchor,positive\none thing,two things\n', ['one thing', 'two things']],
])('embed needs no partners and no number of rows: %s', async (_what, name, content, texts) => {
  const here = await temporaryFolder();
  await writeFile(path.join(here, name), content);
  const { code, stderr } = await run(['embed', runPath, name, '--out', 'out.npy'], here);
  expect([code, stderr]).toEqual([0, '']);
  const rows = jsonLines(await readFile(path.join(here, 'out.npy.items.jsonl'), 'utf8'));
  expect(rows.map((row) => row['content'])).toEqual(texts);
});

test('embed says so where no column holds the texts', async () => {
  const here = await temporaryFolder();
  await writeFile(path.join(here, 'data.csv'), 'key,when\nk1,2024-01-02\nk2,2024-01-03\n');
  const { code, stderr } = await run(['embed', runPath, 'data.csv', '--out', 'out.npy'], here);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: data\.csv: cannot tell which column holds the texts[^\n]+\n$/);
});

test('embed takes a folder, and refuses another kind of data', async () => {
  const { code } = await run(['embed', runPath, 'data', '--out', 'all.npy'], folder);
  expect(code).toBe(0);
  const rows = jsonLines(await readFile(path.join(folder, 'all.npy.items.jsonl'), 'utf8'));
  expect(parse(new Uint8Array(await readFile(path.join(folder, 'all.npy'))).buffer).shape).toEqual([
    rows.length,
    16,
  ]);
  const lines = Array.from(
    { length: 40 },
    (_, i) => `${i}.5,${i * 2}.25,${99 - i}.75,${i % 2 === 0 ? 'even' : 'odd'}`,
  );
  await writeFile(path.join(folder, 'vectors.csv'), `x,y,z,label\n${lines.join('\n')}\n`);
  const other = await run(['embed', runPath, 'vectors.csv', '--out', 'other.npy'], folder);
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(/^error: [^\n]*holds vectors[^\n]*\n$/);
});

test('runs lists them', async () => {
  const rows = jsonLines((await run(['runs', '--json'], folder)).stdout);
  expect(rows).toEqual([expect.objectContaining({ run: runPath, state: 'completed', name: 'Erster Lauf' })]);
  const shown = await run(['runs'], path.join(folder, 'data'));
  expect(shown.stdout).toMatch(/completed +(dev|test) mrr@10 \d\.\d{4} +data +Erster Lauf/);
});

test('runs of a folder are its own, then those in it, then those beside a dataset', async () => {
  const here = await temporaryFolder();
  const put = async (...parts: string[]): Promise<void> => {
    const target = path.join(here, ...parts);
    await mkdir(target, { recursive: true });
    await copyFile(path.join(runPath, 'run.json'), path.join(target, 'run.json'));
  };
  await put('.infonce/runs', 'beside');
  await put('mine', 'own');
  await put('both', 'own');
  await put('both/.infonce/runs', 'inside');
  await put('data/.infonce/runs', 'inside');
  await writePairs(path.join(here, 'plain'));
  await mkdir(path.join(here, 'bare/sub'), { recursive: true });
  for (const [dir, expected] of [
    ['mine', ['own']],
    ['both', ['own']],
    ['data', ['inside']],
    ['plain', ['beside']],
    ['plain/data.csv', []],
    ['bare', []],
    ['.', ['beside']],
  ] as const) {
    const { code, stdout } = await run(['runs', dir, '--json'], here);
    expect(code).toBe(0);
    expect(jsonLines(stdout).map(({ run: found }) => path.basename(found as string))).toEqual(expected);
  }
});

test.each([
  ['an objective of another version', { config: { objective: 'margin' } }, 'config.objective'],
  [
    'an objective that cannot be trained yet',
    { config: { objective: 'pair-classifier' } },
    'pair-classifier',
  ],
  ['a way of reading of another version', { dataset: { reading: { sheets: 2 } } }, 'sheets'],
])('a run with %s is refused in one line', async (_what, patch, words) => {
  const here = await temporaryFolder();
  await writePairs(path.join(here, 'data'));
  const record = JSON.parse(await readFile(path.join(runPath, 'run.json'), 'utf8')) as Record<string, object>;
  for (const [part, change] of Object.entries(patch)) record[part] = { ...record[part], ...change };
  record['dataset'] = { ...record['dataset'], path: '../data' };
  await mkdir(path.join(here, 'run'));
  await writeFile(path.join(here, 'run/run.json'), JSON.stringify({ ...record, state: 'stopped' }));
  const { code, stderr } = await run(['resume', 'run'], here);
  expect(code).toBe(2);
  expect(stderr.split('\n').filter((line) => line.startsWith('error: '))).toHaveLength(1);
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^ +at /m);
});

test('a completed run is not resumed', async () => {
  const { code, stderr } = await run(['resume', runPath], folder);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: run \S+ is completed[^\n]*\n$/);
});

test('--config overrides infonce.json, options override both, and the run can be read again without the file', async () => {
  const here = await temporaryFolder();
  await writePairs(path.join(here, 'data'), 300, 'left,right');
  await writeFile(
    path.join(here, 'data/infonce.json'),
    JSON.stringify({ train: { epochs: 9, batchSize: 16, text: { dense: 8 } } }),
  );
  const config = { columns: { anchor: 'right', positive: 'left' }, train: { epochs: 1, dimensions: 16 } };
  await writeFile(path.join(here, 'other.json'), JSON.stringify(config));
  const { code, stdout } = await run(
    ['train', 'data', '--config', 'other.json', '--dimensions', '8', '--json'],
    here,
  );
  expect(code).toBe(0);
  const last = jsonLines(stdout).at(-1) as { run: string; metrics: object };
  const { record } = await RunFolder.open(last.run);
  expect(record.config).toMatchObject({ epochs: 1, batchSize: 16, dimensions: 8, text: { dense: 8 } });
  expect(record.dataset.reading).toEqual({ columns: config.columns });
  const evaluated = await run(['evaluate', last.run, '--json'], here);
  expect(jsonLines(evaluated.stdout)).toMatchObject([{ metrics: last.metrics }]);
});
