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

/** Faults of how a run with numbers that are none was ended: there should be none. */
async function faults(dataset: Dataset, config: ConfigOverrides): Promise<string[]> {
  const { error, run } = await failed(dataset, config);
  const { record } = await RunFolder.open(run.path);
  const noModel = await refusal(run.readModel());
  const must: readonly (readonly [string, boolean])[] = [
    [`its code is ${error.code}`, error.code === 'non-finite-loss'],
    [`it names no step: ${error.message}`, /step \d+/.test(error.message)],
    [`it does not say what to do: ${error.message}`, error.message.includes('learning rate')],
    [`it names no row: ${error.message}`, error.message.includes(`${error.file}`)],
    [`its file is ${error.file}`, dataset.files.includes(`${error.file}`)],
    [`the run is ${record.state}`, record.state === 'failed'],
    [`the record says ${record.failure?.message}`, record.failure?.message === error.message],
    [`of the model it says ${noModel.code}`, noModel.code === 'no-model'],
  ];
  return must.flatMap(([fault, well]) => (well ? [] : [fault]));
}

describe('a run whose numbers leave the range of float32', () => {
  it.each([1e30, 1e38, 3e38])(
    'is ended at the step, naming its rows: texts, learning rate %d',
    async (learningRate) => {
      const found = await faults(await translated(), { ...small, learningRate, warmup: 0 });
      expect(found).toEqual([]);
    },
  );

  it('is ended where the very last step breaks the weights', async () => {
    const found = await faults(await translated(), {
      ...small,
      epochs: 1,
      batchSize: 200,
      learningRate: 3e38,
      warmup: 0,
    });
    expect(found).toEqual([]);
  });

  it('is ended with pictures too', async () => {
    const found = await faults(await readFiles(await bars(12)), {
      epochs: 3,
      batchSize: 8,
      dimensions: 8,
      learningRate: 1e30,
      image: { blocks: [4, 4] },
    });
    expect(found).toEqual([]);
  });

  it('is ended with vectors too', async () => {
    const rows = csv('x,y,z,label', 60, (i) => `${i % 7},${(i * i) % 11},${i / 10},${'abc'[i % 3]}`);
    const vectors = { hidden: [8] };
    const found = await faults(await readFiles({ 'train.csv': rows }), {
      epochs: 3,
      batchSize: 8,
      learningRate: 1e30,
      vector: vectors,
    });
    expect(found).toEqual([]);
  });
});

describe('a run that cannot be', () => {
  it.each([
    ['positive', (i: number) => `question number ${i},always the same`],
    ['anchor', (i: number) => `always the same,answer number ${i}`],
  ])('is refused where all rows share their %s', async (_, row) => {
    const files = {
      'train.csv': csv('anchor,positive', 40, row),
      'dev.csv': csv('anchor,positive', 4, (i) => `dev question ${i},dev answer ${i}`),
    };
    // Some of it is seen while reading, the rest when batches are planned.
    const error = await refusal(readFiles(files).then((dataset) => trainOn(dataset, small)));
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

function count(): number[] {
  return [tf.memory().numTensors, nativeHandles()?.binding.getNumOfTensors() ?? 0];
}

describe('the end of a run', () => {
  it('leaves no tensor behind, however it ends', async () => {
    await loadNative();
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
