import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { modelFreeBaseline } from '../../../src/engine/evaluate/model-free';
import { openModel } from '../../../src/engine/model/open';
import { random } from '../../../src/engine/random';
import { RunFolder } from '../../../src/engine/run/folder';
import { loadNative } from '../../../src/engine/tensorflow/native';
import { criterionOf } from '../../../src/engine/train/best';
import { chooseConfig } from '../../../src/engine/train/defaults';
import type { ConfigOverrides } from '../../../src/engine/train/overrides';
import type { Layout } from '../../../src/protocol/dataset';
import type { MetricName } from '../../../src/protocol/run';
import { csv, readFiles } from '../data/fixtures';
import { bars, completed, fileOf, trainOn, translations } from './support';

/** Two columns of three tell the label, under noise from the others that is far larger. */
function points(count: number, label: boolean): string {
  return csv(`a,b,c,d${label ? ',label' : ''}`, count, (i) => {
    const source = random(1, 'point', 0, i);
    const kind = i % 3;
    const near = [
      [1, 0],
      [-0.5, 0.9],
      [-0.5, -0.9],
    ][kind] as [number, number];
    const values = [near[0], near[1], 0, 0].map((x, c) => x + (c < 2 ? 0.25 : 4) * source.normal());
    return `${values.map((x) => x.toFixed(4)).join(',')}${label ? `,kind ${kind}` : ''}`;
  });
}

/** Users of four tastes, each of which likes ten of forty things. */
function likes(users: number, each: number): string {
  const rows = Array.from({ length: users }, (_, user) => {
    const source = random(1, 'likes', 0, user);
    const liked = new Set(Array.from({ length: each }, () => (user % 4) + 4 * source.below(10)));
    return [...liked].map((thing) => `u${user},t${thing}`);
  });
  return `user,item\n${rows.flat().join('\n')}\n`;
}

const sentences = csv('text,label', 160, (i) => {
  const source = random(1, 'sentence', 0, i);
  const kinds = ['red green blue black white', 'cat dog cow hen pig', 'one two six ten five'].map((s) =>
    s.split(' '),
  );
  const own = kinds[i % 3] as string[];
  const some = Array.from({ length: 3 }, () => own[source.below(5)]);
  return `the ${some.join(' and ')} of ${i},${['colours', 'animals', 'numbers'][i % 3]}`;
});

const scores = csv('sentence1,sentence2,score', 160, (i) => {
  const [left = '', right = ''] = (translations(160, 4).split('\n')[1 + i] ?? '').split(',');
  const other = (translations(160, 4).split('\n')[1 + ((i * 37 + 5) % 160)] ?? '').split(',')[1];
  return i % 2 === 0 ? `${left},${right},5` : `${left},${other},0.5`;
});

const tiny: ConfigOverrides = { epochs: 6, batchSize: 24, dimensions: 16 };
const text = { vocabularySize: 300 };

interface Kind {
  readonly layout: Layout;
  readonly files: () => Promise<Record<string, string | Uint8Array>>;
  readonly config: ConfigOverrides;
  /** What must get better than before training; that of the weights kept where nothing else is named. */
  readonly better?: MetricName;
}

const kinds: readonly Kind[] = [
  {
    layout: 'labelled-images',
    files: () => bars(40),
    config: { ...tiny, image: { blocks: [4, 8] } },
    better: 'pair_roc_auc',
  },
  {
    layout: 'images',
    files: async () =>
      Object.fromEntries(
        Object.entries(await bars(25)).map(([name, data]) => [name.replace('/', '-'), data]),
      ),
    config: { ...tiny, epochs: 20, image: { blocks: [4, 8] } },
  },
  {
    layout: 'labelled-vectors',
    files: () => Promise.resolve({ 'points.csv': points(240, true) }),
    config: { ...tiny, vector: { hidden: [16] } },
    better: 'pair_roc_auc',
  },
  {
    layout: 'vectors',
    files: () => Promise.resolve({ 'points.csv': points(240, false) }),
    config: { ...tiny, vector: { hidden: [16] } },
  },
  {
    layout: 'interactions',
    files: () => Promise.resolve({ 'likes.csv': likes(80, 9) }),
    config: { ...tiny, learningRate: 0.05 },
  },
  {
    layout: 'labelled-texts',
    files: () => Promise.resolve({ 'texts.csv': sentences }),
    config: { ...tiny, text },
    better: 'pair_roc_auc',
  },
  {
    layout: 'scored-pairs',
    files: () => Promise.resolve({ 'pairs.csv': scores }),
    config: { ...tiny, learningRate: 0.05, text },
    better: 'pair_roc_auc',
  },
];

describe.each(kinds)('a run on $layout', ({ layout, files, config, better }) => {
  it('learns, and keeps a model that can be opened', async () => {
    const dataset: Dataset = await readFiles(await files());
    expect(dataset.layout).toBe(layout);
    const told = await trainOn(dataset, config);
    const { metrics, baselines } = completed(told);
    const criterion = criterionOf(layout);
    const name = better ?? criterion.metric;
    const [before, after] = [baselines.untrained[name] as number, metrics[name] as number];
    expect(name === 'loss' ? before - after : after - before).toBeGreaterThan(0);
    const { split, ...figures } = metrics;
    expect(dataset.splits.has(split)).toBe(true);
    expect(Object.entries(figures).filter(([, value]) => !Number.isFinite(value))).toEqual([]);
    const losses = told.events.flatMap((event) => (event.event === 'step' ? [event.loss] : []));
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);

    const run = await RunFolder.open(told.run.path);
    expect(run.record.best?.metric).toBe(criterion.metric);
    expect(run.record.dataset).toMatchObject({ layout, kind: dataset.items.kind });
    expect(fileOf(run, 'tokenizer.json') !== undefined).toBe(dataset.items.kind === 'text');
    const model = await openModel(run);
    expect(await model.embedItems(dataset.items)).toEqual((await run.readEmbeddings()).tensors[0]?.data);
    model.dispose();
  });
});

it('negatives of both sorts are in-batch ones where the data gives no others', async () => {
  const { config } = await chooseConfig(await readFiles({ 'data.csv': points(60, true) }), {
    negatives: 'both',
  });
  expect(config).toMatchObject({ negatives: 'in-batch', symmetric: true });
});

it.each(['pairs', 'images'])('a stop is heard while the data is looked at and scored: %s', async (kind) => {
  const data = await readFiles(kind === 'images' ? await bars(40) : { 'train.csv': translations(300, 1) });
  await loadNative();
  const stop = new AbortController();
  const looking = chooseConfig(data, {}, stop.signal);
  const scoring = modelFreeBaseline(data, stop.signal)('train');
  stop.abort();
  for (const work of [looking, scoring]) await expect(work).rejects.toMatchObject({ name: 'AbortError' });
});
