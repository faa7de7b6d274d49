import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compactJson } from '../../src/extension/tools/answer';
import { parseInput } from '../../src/extension/tools/inputs';
import { placeInside } from '../../src/extension/tools/inside';
import { confusionsAnswer } from '../../src/extension/tools/items-answer';
import { metricsAnswer } from '../../src/extension/tools/metrics-answer';
import type { ItemView } from '../../src/protocol/explore';
import type { EvaluationView, RunHead } from '../../src/protocol/panel';

describe('an answer', () => {
  test('is left alone where it fits, but for digits that nobody reads', () => {
    expect(compactJson({ rows: [1 / 3, 12_345_678] }, ['rows'], 100)).toBe('{"rows":[0.333333,12345678]}');
  });

  test('fits, and says how much of each list was left out', () => {
    const rows = Array.from({ length: 300 }, (_, row) => ({ row }));
    const answer = { run: 'a', rows, labels: ['cup', 'door'] };
    for (const limit of [400, 100, 80]) {
      const text = compactJson(answer, ['rows', 'labels'], limit);
      const told = JSON.parse(text) as { rows: object[]; labels: string[]; leftOut: Record<string, number> };
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(told.rows).toEqual(rows.slice(0, told.rows.length));
      expect(told.rows.length + (told.leftOut['rows'] ?? 0)).toBe(300);
      expect(told.labels).toEqual(['cup', 'door']);
      // One row more would not fit.
      const { length } = told.rows;
      const more = { ...answer, rows: rows.slice(0, length + 1), leftOut: { rows: 299 - length } };
      expect(JSON.stringify(more).length).toBeGreaterThan(limit);
    }
  });

  test('cuts a label of a megabyte, and no character in two', () => {
    const text = compactJson({ label: `${'x'.repeat(399)}😀${'y'.repeat(1e6)}` }, [], 20_000);
    expect(JSON.parse(text)).toEqual({ label: `${'x'.repeat(399)}… (1000401 characters)` });
  });
});

describe('what a model writes', () => {
  test('is completed', () => {
    expect(parseInput('infonce_neighbours', { text: 'lamp', label: null })).toEqual({ text: 'lamp', k: 10 });
  });

  test('is refused with all that is wrong', () => {
    const wrong = { folder: '', settings: { epochs: 0, objective: 'guess', momentum: 1 } };
    expect(() => parseInput('infonce_train', wrong)).toThrow(
      /^The input of infonce_train is refused \(folder: .*settings\.epochs: .*settings\.objective: .*momentum.*\): mend it/,
    );
    expect(() => parseInput('infonce_list_runs', 'all')).toThrow(/the input: /);
  });
});

async function folders(): Promise<{ open: string; outside: string }> {
  const parent = await mkdtemp(path.join(tmpdir(), 'infonce tools '));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const [open, outside] = [path.join(parent, 'open'), path.join(parent, 'outside')];
  for (const folder of [open, outside]) await mkdir(path.join(folder, 'data'), { recursive: true });
  await writeFile(path.join(outside, 'secret.txt'), 'secret');
  return { open, outside };
}

describe('a path that a model gives', () => {
  test('is found absolute, relative, and by the name of the open folder', async () => {
    const { open, outside } = await folders();
    const data = path.join(open, 'data');
    for (const given of [data, 'data', 'open/data', './data/']) {
      expect(await placeInside(given, [open])).toBe(data);
    }
    expect(await placeInside('.', [open])).toBe(open);
    expect(await placeInside('outside/data', [open, outside])).toBe(path.join(outside, 'data'));
  });

  test('does not lead out of the open folders', async () => {
    const { open, outside } = await folders();
    await symlink(outside, path.join(open, 'link'));
    const secret = path.join(outside, 'secret.txt');
    for (const given of [
      secret,
      '../outside/secret.txt',
      'outside/secret.txt',
      'data/../../outside/secret.txt',
    ]) {
      await expect(placeInside(given, [open])).rejects.toThrow(
        `${given} is not found in the open folders (${open})`,
      );
    }
    await expect(placeInside('link/secret.txt', [open])).rejects.toThrow('a link that leads out');
    await expect(placeInside('data\0', [open])).rejects.toThrow('null character');
    await expect(placeInside('data', [])).rejects.toThrow('there are none');
  });
});

const head: RunHead = {
  run: 'a',
  name: 'a',
  state: 'running',
  elsewhere: false,
  dataset: { name: 'data', path: '/w/data' },
};

test('of a long run the first, the last and even evaluations are told, each with the mean loss since the one before', () => {
  const evaluations = Array.from({ length: 101 }, (_, i): EvaluationView => {
    return { step: 10 * i, seconds: i, metrics: { 'recall@1': i / 100, split: 'dev' } };
  });
  // The loss of each step is its number.
  const step = Int32Array.from({ length: 1_000 }, (_, i) => i + 1);
  const facts = { head, steps: { step, loss: Float32Array.from(step) }, evaluations, findings: [] };
  const told = metricsAnswer(
    facts,
    5,
    (absolute) => absolute,
    () => undefined,
  );
  expect(told).toMatchObject({ step: 1_000, evaluated: 100, baselines: { untrained: { 'recall@1': 0 } } });
  expect(told['evaluations']).toEqual(
    [1_000, 750, 510, 260, 10].map((at) => ({
      step: at,
      trainLoss: at - 4.5,
      'recall@1': at / 1_000,
      split: 'dev',
    })),
  );
});

const item = (row: number, label?: string): ItemView => ({ row, id: `${row}`, ...(label && { label }) });

test('labels are counted over all pairs that were found, whichever comes first', () => {
  const rows = [
    { first: item(0, 'cat'), second: item(1, 'dog'), similarity: 0.9 },
    { first: item(2, 'dog'), second: item(3, 'cat'), similarity: 0.7 },
    { first: item(4, 'dog'), second: item(5, 'eel'), similarity: 0.8 },
    { first: item(6), second: item(7, 'eel'), similarity: 0.6 },
  ];
  const found = { rows, found: 9, source: 'step 1', searched: 8, of: 8, positivesMedian: 0.75 };
  const told = confusionsAnswer('a', 'hardest-negatives', 1, found, () => undefined);
  expect(told['labels']).toEqual([
    { labels: ['cat', 'dog'], pairs: 2, mostStriking: 0.9, aboveMedianOfPositives: 1 },
    { labels: ['dog', 'eel'], pairs: 1, mostStriking: 0.8, aboveMedianOfPositives: 1 },
  ]);
  expect(told).toMatchObject({ pairsFound: 9, labelsCountedOver: 4 });
  expect(told['pairs']).toHaveLength(1);
});
