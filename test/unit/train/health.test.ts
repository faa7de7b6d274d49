import { expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { RunFollower } from '../../../src/engine/run/follow';
import { readHealth } from '../../../src/engine/run/health';
import type { ConfigOverrides } from '../../../src/engine/train/overrides';
import type { Finding } from '../../../src/protocol/health';
import type { RunRecord } from '../../../src/protocol/run';
import { csv, readFiles } from '../data/fixtures';
import { bars, trainOn, translations } from './support';

const small: ConfigOverrides = {
  epochs: 20,
  batchSize: 50,
  dimensions: 16,
  patience: 0,
  learningRate: 0.05,
  temperature: 0.1,
  text: { vocabularySize: 300 },
};

/** Training rows, and dev rows that are not among them. */
function translated(rows: number): Promise<Dataset> {
  const train = translations(rows, 1);
  const known = new Set(train.split('\n').slice(1));
  const dev = translations(100, 2)
    .split('\n')
    .filter((line) => !known.has(line));
  return readFiles({ 'train.csv': train, 'dev.csv': `${dev.join('\n')}\n` });
}

/** What is told of a run by its folder. */
async function healthOf(dataset: Dataset, config: ConfigOverrides): Promise<Finding[]> {
  const { run } = await trainOn(dataset, config);
  const { record, steps, evaluations } = await new RunFollower(run.path).poll();
  const none = { step: new Int32Array(), loss: new Float32Array() };
  return readHealth({ record: record as RunRecord, steps: steps ?? none, evaluations });
}

const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);

it('a run that learns is said to have learnt', async () => {
  const [only, ...rest] = await healthOf(await translated(300), small);
  expect(rest).toEqual([]);
  expect(only).toMatchObject({ code: 'learning', title: 'It has learnt' });
});

it('a temperature of a thousandth is found', async () => {
  const data = await translated(300);
  // Hardly moved: the mistakes of the untrained model, a thousand times over, and not how training happens to end.
  const hardlyMoved = { ...small, epochs: 2, learningRate: 1e-4 };
  expect(codes(await healthOf(data, { ...hardlyMoved, temperature: 0.001 }))).toContain('temperature-low');
  expect(codes(await healthOf(data, hardlyMoved))).not.toContain('temperature-low');
});

it('a low temperature that does no harm is left alone', async () => {
  const found = await healthOf(await translated(300), { ...small, temperature: 0.015 });
  expect(codes(found)).not.toContain('temperature-low');
});

it('steps that are a thousand times too long are found', async () => {
  const found = await healthOf(await readFiles(await bars(40)), {
    epochs: 12,
    batchSize: 20,
    dimensions: 8,
    patience: 0,
    learningRate: 50,
    warmup: 0,
    finalLearningRate: 1,
    image: { blocks: [4, 4] },
  });
  expect(
    codes(found).some((code) =>
      ['collapse', 'learning-rate-high', 'stuck-at-chance', 'non-finite'].includes(code),
    ),
  ).toBe(true);
  expect(found[0]?.advice).toContain('learningRate (now 50)');
});

it('pairs that say nothing end below the baseline or at chance, never in good news', async () => {
  // The answers of other rows: nothing can be learnt but by heart.
  const shuffled = translations(300, 1)
    .trimEnd()
    .split('\n')
    .map((line, i, all) =>
      i === 0 ? line : `${line.split(',')[0]},${all[1 + ((i + 150) % (all.length - 1))]?.split(',')[1]}`,
    )
    .join('\n');
  const found = await healthOf(
    await readFiles({ 'train.csv': shuffled, 'dev.csv': translations(100, 2) }),
    small,
  );
  expect(codes(found)).not.toContain('learning');
  expect(found.length).toBeGreaterThan(0);
});

it('rows on both sides of the split are told, with where they are', async () => {
  const text = translations(300, 1);
  const lines = text.split('\n');
  const leak = csv('anchor,positive', 100, (i) => lines[1 + i] as string);
  const found = await healthOf(await readFiles({ 'train.csv': text, 'dev.csv': leak }), small);
  expect(found).toContainEqual(expect.objectContaining({ code: 'leakage', severity: 'warning' }));
  expect(found.find(({ code }) => code === 'leakage')?.evidence).toContain('dev.csv');
});
