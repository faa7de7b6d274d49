import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { RunFolder } from '../../../src/engine/run/folder';
import { loadNative, nativeHandles } from '../../../src/engine/tensorflow/native';
import type { ConfigOverrides } from '../../../src/engine/train/overrides';
import type { UserError } from '../../../src/protocol/errors';
import { csv, readFiles } from '../data/fixtures';
import { refusal } from '../run/support';
import { bars, completed, trainOn, translations } from './support';

const small: ConfigOverrides = { epochs: 2, batchSize: 50, dimensions: 16, text: { vocabularySize: 300 } };

const translated = (negatives = false): Promise<Dataset> =>
  readFiles({ 'train.csv': translations(120, 1, negatives), 'dev.csv': translations(40, 2, negatives) });

/** The error of a run, and the run. */
async function failed(
  dataset: Dataset,
  config: ConfigOverrides,
): Promise<{ error: UserError; run: RunFolder }> {
  let run: RunFolder | undefined;
  const error = await refusal(trainOn(dataset, config, { onRun: (made) => (run = made) }));
  return { error, run: run as RunFolder };
}

async function expectNonFinite(dataset: Dataset, config: ConfigOverrides): Promise<void> {
  const { error, run } = await failed(dataset, config);
  expect(error.code).toBe('non-finite-loss');
  expect(error.message).toMatch(/step \d+/);
  expect(error.message).toContain('learning rate');
  expect(error.message).toContain(`${error.file}`);
  expect(dataset.files).toContain(error.file);
  const { record } = await RunFolder.open(run.path);
  expect(record.state).toBe('failed');
  expect(record.failure).toMatchObject({ code: error.code, message: error.message, file: error.file });
  await expect(run.readModel()).rejects.toThrow('no trained model');
}

describe('a run whose numbers leave the range of float32', () => {
  it.each([1e30, 1e38, 3e38])(
    'is ended at the step, naming its rows: texts, learning rate %d',
    async (learningRate) => {
      await expectNonFinite(await translated(), { ...small, learningRate, warmup: 0 });
    },
  );

  it('is ended where the very last step breaks the weights', async () => {
    await expectNonFinite(await translated(), {
      ...small,
      epochs: 1,
      batchSize: 200,
      learningRate: 3e38,
      warmup: 0,
    });
  });

  it('is ended with pictures too', async () => {
    await expectNonFinite(await readFiles(await bars(12)), {
      epochs: 3,
      batchSize: 8,
      dimensions: 8,
      learningRate: 1e30,
      image: { blocks: [4, 4] },
    });
  });

  it('is ended with vectors too', async () => {
    const rows = csv('x,y,z,label', 60, (i) => `${i % 7},${(i * i) % 11},${i / 10},${'abc'[i % 3]}`);
    const vectors = { hidden: [8] };
    await expectNonFinite(await readFiles({ 'train.csv': rows }), {
      epochs: 3,
      batchSize: 8,
      learningRate: 1e30,
      vector: vectors,
    });
  });
});

describe('a run that cannot be', () => {
  it('is refused where all rows share an item', async () => {
    const one = csv('anchor,positive', 40, (i) => `question number ${i},always the same`);
    const dev = csv('anchor,positive', 4, (i) => `dev question ${i},dev answer ${i}`);
    const { error } = await failed(await readFiles({ 'train.csv': one, 'dev.csv': dev }), small);
    expect(error.code).toBe('rows-share-an-item');
  });

  it.each(['explicit-shared', 'explicit-paired'] as const)(
    'is refused for %s without a column of negatives',
    async (negatives) => {
      const { error } = await failed(await translated(), { ...small, negatives });
      expect(error.code).toBe('no-negatives');
    },
  );
});

describe('a run on awkward data', () => {
  it('is evaluated at every epoch and completes where an item is in most rows', async () => {
    const hub = csv('anchor,positive', 100, (i) => `question ${i},${i % 5 < 3 ? 'the same' : `answer ${i}`}`);
    const dev = csv('anchor,positive', 20, (i) => `dev question ${i},dev answer ${i}`);
    const told = await trainOn(await readFiles({ 'train.csv': hub, 'dev.csv': dev }), {
      ...small,
      epochs: 3,
    });
    const looks = told.events.filter(({ event }) => event === 'evaluated').length;
    expect(looks).toBe(1 + 3);
    expect(told.run.record.best?.step).toBeGreaterThan(0);
    expect(completed(told).metrics.loss).toBeGreaterThan(0);
    // What is left out of an epoch is told.
    expect(told.run.record.choices.map(({ setting }) => setting)).toContain('rows per epoch');
  });

  it.each(['in-batch', 'explicit-shared', 'explicit-paired', 'both'] as const)(
    'learns from given negatives: %s',
    async (negatives) => {
      const told = await trainOn(await translated(true), {
        ...small,
        epochs: 4,
        learningRate: 0.05,
        negatives,
      });
      const losses = told.events.flatMap((event) => (event.event === 'step' ? [event.loss] : []));
      expect(losses.at(-1)).toBeLessThan(losses[0] as number);
      const { metrics, baselines } = completed(told);
      expect(metrics.triplet_accuracy).toBeGreaterThan(baselines.untrained.triplet_accuracy as number);
    },
  );

  it('learns from rows of which some have no negative', async () => {
    const text = translations(120, 1, true)
      .split('\n')
      .map((line, i) => (i > 0 && i % 3 === 0 ? line.replace(/,[^,]*$/, ',') : line))
      .join('\n');
    const data = await readFiles({ 'train.csv': text, 'dev.csv': translations(40, 2, true) });
    for (const negatives of ['both', 'explicit-paired'] as const)
      expect(completed(await trainOn(data, { ...small, negatives })).metrics.loss).toBeGreaterThan(0);
  });
});

describe('the end of a run', () => {
  it('leaves no tensor behind, however it ends', async () => {
    await loadNative();
    const count = (): number[] => [tf.memory().numTensors, nativeHandles()?.binding.getNumOfTensors() ?? 0];
    const data = await translated();
    const before = count();
    await trainOn(data, small);
    expect(count()).toEqual(before);
    const stop = new AbortController();
    await trainOn(data, small, {
      signal: stop.signal,
      onEvent: ({ event }) => {
        if (event === 'step') stop.abort();
      },
    });
    expect(count()).toEqual(before);
    await failed(data, { ...small, learningRate: 3e38, warmup: 0 });
    expect(count()).toEqual(before);
  });
});
