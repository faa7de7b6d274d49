import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset, Relations } from '../../../src/engine/data/dataset';
import { EmbeddedItems } from '../../../src/engine/evaluate/embedded';
import { modelFreeBaseline } from '../../../src/engine/evaluate/model-free';
import { samplePairs } from '../../../src/engine/evaluate/sample-pairs';
import { memoryItems, scoreSplit } from '../../../src/engine/evaluate/score';
import { Slices } from '../../../src/engine/slices';
import { loadNative } from '../../../src/engine/tensorflow/native';
import { type Layout, splitNames } from '../../../src/protocol/dataset';
import { dataset, pairs } from '../run/support';

beforeAll(async () => {
  await loadNative();
});

/** Items on the unit circle, at these angles in degrees. */
function atAngles(angles: number[], items = [...angles.keys()]): EmbeddedItems {
  const data = angles.flatMap((degrees) => {
    const angle = (degrees * Math.PI) / 180;
    return [Math.cos(angle), Math.sin(angle)];
  });
  return new EmbeddedItems(Int32Array.from(items), Float32Array.from(data), 2);
}

const letters = ['a', 'b', 'c', 'd', 'e', 'f'];

const members = (item: number[]): Relations => ({ type: 'members', item: Int32Array.from(item) });

type Splits = Parameters<typeof dataset>[1];
function labelled(
  label: number[],
  splits: Splits,
  labels = ['a', 'b', 'c'],
  layout: Layout = 'labelled-texts',
): Dataset {
  const content = label.map((_, i) => `${i}`);
  return { ...dataset({ content, label: Int32Array.from(label) }, splits, labels), layout };
}

describe('the neighbours among embedded items', () => {
  it('are the best candidates, the earlier of equal ones, never the query itself', async () => {
    // Coordinates of few values: many ties, and dot products that are exact.
    const coordinate = fc.integer({ min: -2, max: 2 });
    const row = fc.array(coordinate, { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 14 }),
        fc.integer({ min: 1, max: 16 }),
        async (rows, k) => {
          const embedded = new EmbeddedItems(
            Int32Array.from(rows.keys(), (i) => 10 * i),
            Float32Array.from(rows.flat(), (x) => x / 4),
            3,
          );
          const queries = Int32Array.from(rows.keys(), (i) => 10 * i);
          const candidates = queries.slice(0, Math.ceil(rows.length / 2)).reverse();
          const { index, score } = await embedded.topK(queries, candidates, k, new Slices());
          for (const [q, query] of queries.entries()) {
            const own = (item: number): number[] => rows[item / 10] as number[];
            const dot = (item: number): number =>
              own(item).reduce((sum, x, c) => sum + (x * (own(query)[c] as number)) / 16, 0);
            const ranked = [...candidates.keys()]
              .filter((at) => candidates[at] !== query)
              .sort((a, b) => dot(candidates[b] as number) - dot(candidates[a] as number) || a - b);
            expect([...index.subarray(q * k, (q + 1) * k)]).toEqual(
              Array.from({ length: k }, (_, i) => ranked[i] ?? -1),
            );
            const cosines = ranked.slice(0, k).map((at) => dot(candidates[at] as number));
            expect([...score.subarray(q * k, q * k + cosines.length)]).toEqual(
              cosines.map((cosine) => Math.max(-1, Math.min(1, cosine))),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are none without candidates, and an item that was not embedded is our fault', async () => {
    const embedded = atAngles([0, 90]);
    const { index } = await embedded.topK(Int32Array.of(0), new Int32Array(0), 2, new Slices());
    expect([...index]).toEqual([-1, -1]);
    expect(() => embedded.pairs(Int32Array.of(0), Int32Array.of(7))).toThrow('item 7');
  });
});

describe('the scores of pairs', () => {
  // Queries 0, 1, 2; documents 3, 4, 5.
  const relations = pairs([0, 1, 1, 2], [3, 4, 5, 5]);
  const data = dataset({ content: letters }, { dev: { items: [0, 1, 2, 3, 4, 5], relations } });

  it('count every known positive, each query once', async () => {
    // 0 finds 3 first; 1 has 3, 4, 5 in this order; 2 has 4, 5, 3.
    const scores = await scoreSplit(atAngles([0, 15, 60, 5, 40, 90]), data, 'dev');
    expect(scores['recall@1']).toBeCloseTo((1 + 0 + 0) / 3, 6);
    expect(scores['mrr@10']).toBeCloseTo((1 + 1 / 2 + 1 / 2) / 3, 6);
    expect(scores['recall@10']).toBe(1);
    expect(scores['map@100']).toBeCloseTo((1 + (1 / 2 + 2 / 3) / 2 + 1 / 2) / 3, 6);
    expect(scores.triplet_accuracy).toBeUndefined();
    const aligned = [5, 25, 75, 30].reduce((sum, d) => sum + 2 - 2 * Math.cos((d * Math.PI) / 180), 0) / 4;
    expect(scores.alignment).toBeCloseTo(aligned, 5);
  });

  it('compare with given negatives where there are any, and pass over missing ones', async () => {
    const given = dataset(
      { content: letters },
      { dev: { items: [0, 1, 2, 3, 4, 5], relations: pairs([0, 1, 2], [3, 4, 5], [4, 3, -1]) } },
    );
    const scores = await scoreSplit(atAngles([0, 15, 60, 5, 40, 90]), given, 'dev');
    expect(scores.triplet_accuracy).toBe(0.5);
    expect(samplePairs(given, 'dev').negatives.map((side) => Array.from(side))).toEqual([
      [0, 1],
      [4, 3],
    ]);
  });
});

describe('the scores of labelled items', () => {
  const label = [0, 0, 1, 1, 0, 1, 0, 1];
  const splits = {
    train: { items: [0, 1, 2, 3], relations: members([0, 1, 2, 3]) },
    dev: { items: [4, 5], relations: members([4, 5]) },
    test: { items: [6, 7], relations: members([6, 7]) },
  };

  it('remember what came before: train for dev, both for test', () => {
    const data = labelled(label, splits);
    expect([...memoryItems(data, 'train')]).toEqual([0, 1, 2, 3]);
    expect([...memoryItems(data, 'dev')]).toEqual([0, 1, 2, 3]);
    expect([...memoryItems(data, 'test')]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('are kNN accuracy and, where a label is called normal, that of finding the others', async () => {
    const embedded = atAngles([0, 10, 80, 90, 5, 85, 3, 88]);
    const plain = await scoreSplit(embedded, labelled(label, splits), 'dev');
    expect(plain.knn_accuracy).toBe(1);
    expect(plain.anomaly_roc_auc).toBeUndefined();
    const scores = await scoreSplit(embedded, labelled(label, splits, ['Normal', 'odd']), 'dev');
    expect(scores.anomaly_roc_auc).toBe(1);
    expect(scores.pair_roc_auc).toBeUndefined();
  });
});

describe('sampled pairs', () => {
  it('bring every item of a label together with another, however many labels there are', () => {
    const label = Array.from({ length: 600 }, (_, i) => Math.floor(i / 2));
    const items = [...label.keys()];
    const data = labelled(label, { dev: { items, relations: members(items) } });
    const { positives, negatives } = samplePairs(data, 'dev');
    expect([...positives[0]]).toEqual(items);
    for (const [i, item] of positives[0].entries()) expect(positives[1][i]).toBe(item ^ 1);
    expect([...negatives[0]]).toEqual(items);
    for (const [i, item] of negatives[0].entries())
      expect(label[negatives[1][i] as number]).not.toBe(label[item]);
    expect(samplePairs(data, 'dev')).toEqual({ positives, negatives });
  });

  it('go by the threshold of scores', () => {
    const relations: Relations = {
      type: 'scored',
      first: Int32Array.of(0, 2, 0, 1),
      second: Int32Array.of(1, 3, 2, 3),
      score: Float32Array.of(0.8, 0.79, 1, 0),
    };
    const data = dataset({ content: letters.slice(0, 4) }, { dev: { items: [0, 1, 2, 3], relations } });
    const { positives, negatives } = samplePairs({ ...data, positiveThreshold: 0.8 }, 'dev');
    expect(positives.map((side) => Array.from(side))).toEqual([
      [0, 0],
      [1, 2],
    ]);
    expect(negatives.map((side) => Array.from(side))).toEqual([
      [2, 1],
      [3, 3],
    ]);
  });

  it('have no known positive for a negative', () => {
    const data = dataset(
      { content: letters },
      { dev: { items: [0, 1, 2, 3, 4, 5], relations: pairs([0, 0, 1, 2], [3, 4, 4, 5]) } },
    );
    const known = new Set(['0-3', '0-4', '1-4', '2-5']);
    const [first, second] = samplePairs(data, 'dev').negatives;
    for (const [i, item] of first.entries()) expect(known.has(`${item}-${second[i]}`)).toBe(false);
  });
});

describe('the scores of interactions', () => {
  // Users 0 and 1; things 2 … 5. User 0 took 2 and 3 in train, 4 in test; user 1 took 4 in train, 5 in test.
  const side = Uint8Array.of(0, 0, 1, 1, 1, 1);
  const data: Dataset = {
    ...dataset(
      { content: ['u', 'v', 'a', 'b', 'c', 'd'], kind: 'id', side },
      {
        train: { items: [0, 1, 2, 3, 4, 5], relations: pairs([0, 0, 1, 1], [2, 3, 4, 2]) },
        test: { items: [0, 1, 4, 5], relations: pairs([0, 1], [4, 5]) },
      },
    ),
    layout: 'interactions',
  };

  it('leave out what a user is known to have, and no user is a document', async () => {
    // 0 lies nearest to 2, 3 (both known) and then 4; 1 nearest to 4 (known), 5.
    const embedded = atAngles([0, 60, 1, 2, 50, 80]);
    const scores = await scoreSplit(embedded, data, 'test');
    expect(scores['recall@1']).toBe(1);
    expect(scores['mrr@10']).toBe(1);
  });

  it('of the baseline are popularity', async () => {
    const { split, ...scores } = await modelFreeBaseline(data)('test');
    expect(split).toBe('test');
    // 2 is the most popular thing, then 3 and 4, which 0 is offered at once; 5 nobody took: 1 is offered 3 before it.
    expect(scores['recall@1']).toBe(0.5);
    expect(scores['mrr@10']).toBeCloseTo((1 + 1 / 2) / 2, 6);
  });
});

async function accuracies(data: Dataset): Promise<unknown> {
  const baseline = modelFreeBaseline(data);
  const scores = await Promise.all(splitNames.slice(0, 2).map(baseline));
  return scores.map(({ knn_accuracy }) => knn_accuracy);
}

describe('the baseline without a model', () => {
  it('is raw pixels and raw columns, the same in every split', async () => {
    const label = Int32Array.of(0, 0, 1, 1, 0, 1);
    const items = [0, 1, 2, 3];
    const splits = {
      train: { items, relations: members(items) },
      dev: { items: [4, 5], relations: members([4, 5]) },
    };
    const vectors = { data: Float32Array.of(1, 0, 2, 0.1, 0, 3, 0.1, 1, 5, 0, 0, 9), width: 2 };
    // One pixel of three channels: the label's is the brightest.
    const data = Uint8Array.from({ length: 18 }, (_, i) => (i % 3 === label[Math.floor(i / 3)] ? 200 : 10));
    const pixels = { data, size: 1, channels: 3 as const };
    const common = { content: letters, label };
    for (const own of [{ kind: 'vector', vectors } as const, { kind: 'image', pixels } as const])
      expect(await accuracies(dataset({ ...common, ...own }, splits, ['x', 'y']))).toEqual([1, 1]);
  });
});
