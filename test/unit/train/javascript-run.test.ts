import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openModel } from '../../../src/engine/model/open';
import { loadNative } from '../../../src/engine/tensorflow/native';
import type { ConfigOverrides } from '../../../src/engine/train/overrides';
import { csv, readFiles } from '../data/fixtures';
import { bars, completed, modelBytes, trainOn, translations } from './support';

let cache: string;

// With an empty cache there is no native TensorFlow for this process.
beforeAll(async () => {
  cache = mkdtempSync(path.join(tmpdir(), 'infonce-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
  await loadNative();
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

const tiny: ConfigOverrides = { epochs: 3, batchSize: 16, dimensions: 8 };
/** The last pictures of every class for dev. */
async function split(pictures: Promise<Record<string, Buffer>>): Promise<Record<string, Buffer>> {
  return Object.fromEntries(
    Object.entries(await pictures).map(([name, data]) => [
      `${/[6-9]/.test(name) ? 'dev' : 'train'}/${name}`,
      data,
    ]),
  );
}

const text = { vocabularySize: 300 };

describe('a run on the JavaScript backend', () => {
  it.each([
    [
      'texts',
      () => ({ 'train.csv': translations(64, 1), 'dev.csv': translations(24, 2) }),
      { learningRate: 0.05, text },
    ],
    ['pictures', () => split(bars(12)), { image: { blocks: [4, 4] } }],
    [
      'vectors',
      () => ({
        'train.csv': csv('x,y,z,label', 60, (i) => `${(i % 3) / 9},${i % 7},${(i * i) % 11},${'abc'[i % 3]}`),
      }),
      { vector: { hidden: [8] } },
    ],
  ] as const)('learns from %s, stops, goes on, and keeps its model', async (_, files, more) => {
    const dataset = await readFiles(await files());
    const config = { ...tiny, ...more } as ConfigOverrides;
    const whole = await trainOn(dataset, config);
    expect(whole.run.record.environment.backend).toBe('javascript');
    const { metrics, baselines } = completed(whole);
    expect(metrics.pair_roc_auc).toBeGreaterThanOrEqual(baselines.untrained.pair_roc_auc as number);

    const stop = new AbortController();
    const first = await trainOn(dataset, config, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.event === 'step' && event.step === 4) stop.abort();
      },
    });
    const second = await trainOn(dataset, config, { resume: first.run });
    expect(modelBytes(second.run) === modelBytes(whole.run)).toBe(true);

    const model = await openModel(whole.run);
    expect(await model.embedItems(dataset.items)).toEqual(
      (await whole.run.readEmbeddings()).tensors[0]?.data,
    );
    model.dispose();
  });
});
