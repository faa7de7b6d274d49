import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Dataset, relationCount } from '../../../src/engine/data/dataset';
import { readDataset } from '../../../src/engine/data/read';

const samples = fileURLToPath(new URL('../../../../shared/data', import.meta.url));

interface Expected {
  readonly layout: Dataset['layout'];
  /** Relations of train, dev and test. */
  readonly relations: readonly [number, number, number];
  readonly columns?: object;
  /** Parts of the messages that must be among the problems. */
  readonly told?: readonly string[];
}

const pairs = { anchor: 'anchor', positive: 'positive' };
const sentences = { anchor: 'sentence1', positive: 'sentence2', score: 'score' };
const vector = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}`);

const expected: Record<string, Expected> = {
  pairs_gsm8k: {
    layout: 'pairs',
    relations: [6973, 500, 1319],
    columns: pairs,
    told: ['left out: raw_test.jsonl'],
  },
  triplets_wordnet_adj: {
    layout: 'triplets',
    relations: [22_263, 500, 2530],
    columns: { ...pairs, negatives: ['negative'] },
  },
  labels_banking77: {
    layout: 'labelled-texts',
    relations: [9503, 500, 3080],
    columns: { text: 'text', label: 'category' },
  },
  sts_en_postediting: { layout: 'scored-pairs', relations: [196, 24, 24], columns: sentences },
  sts_ko_korsts: {
    layout: 'scored-pairs',
    relations: [5749, 1500, 1379],
    columns: sentences,
    told: ['3 of 1,500 dev rows are also in train'],
  },
  images_mnist: { layout: 'labelled-images', relations: [1800, 200, 500] },
  images_fashion: { layout: 'labelled-images', relations: [630, 70, 200] },
  images_photos_rgb: { layout: 'labelled-images', relations: [98, 12, 12] },
  vectors_digits: {
    layout: 'labelled-vectors',
    relations: [1294, 143, 360],
    columns: { vector: vector('px', 64), label: 'label' },
  },
  vectors_small: { layout: 'labelled-vectors', relations: [144, 17, 17], told: ['left out: iris.csv'] },
  interactions_openflights: {
    layout: 'interactions',
    relations: [15_582, 1619, 1810],
    columns: { user: 'user', item: 'item' },
    told: ['left out: airports.csv', 'left out: routes.csv'],
  },
  anomaly_nab: {
    layout: 'labelled-vectors',
    relations: [5744, 717, 717],
    columns: { vector: vector('v', 24), label: 'label' },
    told: ['not used: "start"', '6 files left out: raw/'],
  },
};

describe.skipIf(!existsSync(samples))('the sample data sets', () => {
  it.each(Object.keys(expected))('%s', async (name) => {
    const { layout, relations, columns, told } = expected[name] as Expected;
    const dataset = await readDataset(path.join(samples, name), { seed: 1 });
    expect(dataset.layout).toBe(layout);
    const counts = (['train', 'dev', 'test'] as const).map((split) => {
      const found = dataset.splits.get(split);
      return found === undefined ? 0 : relationCount(found.relations);
    });
    expect(counts).toEqual(relations);
    expect(dataset.columns).toEqual(columns ?? dataset.columns);
    const messages = dataset.problems.map((problem) => problem.message).join('\n');
    for (const part of told ?? []) expect(messages).toContain(part);
    expect(dataset.problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });
});
