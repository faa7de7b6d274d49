import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { openModel } from '../../../src/engine/model/open';
import { RunFolder } from '../../../src/engine/run/folder';
import type { ConfigOverrides } from '../../../src/engine/train/overrides';
import { readFiles } from '../data/fixtures';
import { completed, fileOf, modelBytes, type Told, trainOn, translations } from './support';

/** Small enough for a second, large enough to learn. */
const small: ConfigOverrides = {
  epochs: 6,
  batchSize: 64,
  dimensions: 32,
  learningRate: 0.03,
  text: { vocabularySize: 400 },
};

let dataset: Dataset;
let told: Told;

beforeAll(async () => {
  dataset = await readFiles({
    'train.csv': translations(400, 1),
    'dev.csv': translations(80, 2),
    'test.csv': translations(80, 3),
  });
  told = await trainOn(dataset, small);
});

const stepsOf = ({ events }: Told) => events.filter((event) => event.event === 'step');
const looksOf = ({ events }: Told) => events.filter((event) => event.event === 'evaluated');

const mean = (some: number[]): number => some.reduce((a, b) => a + b, 0) / some.length;

describe('a run on pairs of texts', () => {
  it('tells of its start, every step, every evaluation and its end, in order', () => {
    const { events, run } = told;
    const [first, second] = events;
    expect(first).toMatchObject({ event: 'started', run: run.path, steps: 6 * 7 });
    expect(second).toMatchObject({ event: 'evaluated', step: 0, split: 'dev' });
    expect(stepsOf(told).map(({ step }) => step)).toEqual(Array.from({ length: 42 }, (_, i) => i + 1));
    expect(stepsOf(told).map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: 42 }, (_, i) => Math.floor(i / 7)),
    );
    expect(looksOf(told).map(({ step }) => step)).toEqual([0, 7, 14, 21, 28, 35, 42]);
    expect(events.at(-1)?.event).toBe('completed');
  });

  it('learns: the loss falls, and the figures leave the baselines behind', () => {
    const losses = stepsOf(told).map(({ loss }) => loss);
    expect(mean(losses.slice(-7))).toBeLessThan(0.6 * mean(losses.slice(0, 7)));
    const { metrics, baselines } = completed(told);
    expect(metrics.split).toBe('test');
    for (const baseline of [baselines.untrained, baselines.model_free]) {
      expect(baseline.split).toBe('test');
      for (const name of ['recall@1', 'mrr@10', 'pair_roc_auc'] as const)
        expect(metrics[name]).toBeGreaterThan((baseline[name] as number) + 0.1);
    }
    expect(metrics['recall@10']).toBeGreaterThan(0.5);
    expect(metrics.mi_lower_bound).toBeCloseTo(Math.log(64) - (metrics.loss as number), 5);
  });

  it('keeps in the run folder all that it told, and what look-ups need', async () => {
    const run = await RunFolder.open(told.run.path);
    const { record } = run;
    expect(await run.state()).toBe('completed');
    expect(record).toMatchObject({ steps: 42, metrics: completed(told).metrics, config: { seed: 0 } });
    expect(record.baselines).toEqual(completed(told).baselines);
    expect(record.best?.metric).toBe('mrr@10');
    expect(record.failure).toBeUndefined();
    expect((await run.readItems()).length).toBe(dataset.items.count);
    const { rows } = await run.readMetrics();
    const kinds = (wanted: string): number => rows.filter(({ event }) => event === wanted).length;
    expect([kinds('step'), kinds('evaluated'), kinds('baseline'), kinds('completed')]).toEqual([42, 7, 2, 1]);
    expect(readdirSync(path.join(run.path, 'snapshots')).length).toBe(7);
    for (const name of ['model.safetensors', 'model.json', 'tokenizer.json', 'embeddings.safetensors'])
      expect(fileOf(run, name)?.length).toBeGreaterThan(0);
  });

  it('keeps the weights of the best evaluation', async () => {
    const { best } = (await RunFolder.open(told.run.path)).record;
    const look = looksOf(told).find(({ step }) => step === best?.step);
    expect(look?.metrics['mrr@10']).toBe(best?.value);
    expect(best?.step).toBeGreaterThan(0);
  });

  it('saves a model that, opened again, embeds to the bit as it was trained', async () => {
    const run = await RunFolder.open(told.run.path);
    const saved = (await run.readEmbeddings()).tensors[0];
    const model = await openModel(run);
    expect(saved?.shape).toEqual([dataset.items.count, 32]);
    expect(await model.embedItems(dataset.items)).toEqual(saved?.data);
    model.dispose();
  });
});

describe('a seed', () => {
  it('decides every byte of the model', async () => {
    const again = await trainOn(dataset, small);
    expect(modelBytes(again.run) === modelBytes(told.run)).toBe(true);
    expect(completed(again).metrics).toEqual(completed(told).metrics);
    expect(stepsOf(again)).toEqual(stepsOf(told));
    const other = await trainOn(dataset, { ...small, seed: 1 });
    for (const name of ['model.safetensors', 'embeddings.safetensors'])
      expect(fileOf(other.run, name)?.equals(fileOf(told.run, name) as Buffer)).toBe(false);
  });
});
