import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchItems } from '../../../src/engine/batch/items';
import { FalseNegatives } from '../../../src/engine/batch/mask';
import type { Dataset, Relations } from '../../../src/engine/data/dataset';
import { dataset, pairs } from '../run/support';

function pairsOf(known: readonly (readonly [number, number])[], count: number, label?: number[]): Dataset {
  const relations: Relations = pairs(
    known.map(([anchor]) => anchor),
    known.map(([, positive]) => positive),
  );
  const items = Array.from({ length: count }, (_, i) => i);
  return dataset(
    { content: items.map((i) => `${i}`), ...(label && { label: Int32Array.from(label) }) },
    { train: { items, relations } },
  );
}

function batch(query: number[], positive: number[], negatives: number[] = []): BatchItems {
  return {
    query: Int32Array.from(query),
    positive: Int32Array.from(positive),
    negatives: Int32Array.from(negatives),
  };
}

function table(mask: Float32Array | undefined, rows: number): number[][] | undefined {
  if (!mask) return undefined;
  const width = mask.length / rows;
  return Array.from({ length: rows }, (_, row) => [...mask.subarray(row * width, (row + 1) * width)]);
}

describe('the masks of a batch', () => {
  it('are left out where nothing is to be hidden', () => {
    const data = pairsOf(
      [
        [0, 1],
        [2, 3],
      ],
      5,
    );
    expect(new FalseNegatives(data, 'train').masks(batch([0, 2], [1, 3], [4, 4]))).toEqual({});
  });

  it('hide the other positives of a query, and the other queries of a positive', () => {
    // 0 has the positives 1 and 3; 3 belongs to 0 and 2.
    const data = pairsOf(
      [
        [0, 1],
        [0, 3],
        [2, 3],
      ],
      4,
    );
    const { forward, reverse } = new FalseNegatives(data, 'train').masks(batch([0, 2], [1, 3]));
    expect(table(forward, 2)).toEqual([
      [0, 1],
      [0, 0],
    ]);
    expect(table(reverse, 2)).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('hide negatives that are missing, and those that are positives after all', () => {
    const data = pairsOf(
      [
        [0, 1],
        [0, 4],
        [2, 3],
      ],
      6,
    );
    const { forward, reverse } = new FalseNegatives(data, 'train').masks(
      batch([0, 2], [1, 3], [4, 5, -1, 3]),
    );
    expect(table(forward, 2)).toEqual([
      [0, 0, 1, 0, 1, 0],
      [0, 0, 0, 0, 1, 1],
    ]);
    expect(reverse).toBeUndefined();
  });

  it('go by the label', () => {
    const data = pairsOf([], 6, [0, 0, 1, 1, 0, -1]);
    const { forward, reverse } = new FalseNegatives(data, 'train').masks(batch([0, 2, 5], [1, 3, 4]));
    expect(table(forward, 3)).toEqual([
      [0, 0, 1],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(table(reverse, 3)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });

  it('know the pairs of their own split only', () => {
    const data = pairsOf([[0, 3]], 4);
    const split = { items: Int32Array.of(0, 1, 2, 3), relations: pairs([0], [1]) };
    const both = { ...data, splits: new Map([...data.splits, ['dev', split] as const]) };
    expect(new FalseNegatives(both, 'dev').masks(batch([0, 2], [1, 3]))).toEqual({});
  });

  it('are what the definition says', () => {
    const item = fc.integer({ min: 0, max: 11 });
    const rows = fc.array(
      fc.tuple(item, item, fc.array(fc.integer({ min: -1, max: 11 }), { minLength: 2, maxLength: 2 })),
      { minLength: 1, maxLength: 5 },
    );
    const labels = fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 12, maxLength: 12 });
    const known = fc.array(fc.tuple(item, item), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(rows, labels, known, (drawn, label, pairs) => {
        const belong = (a: number, b: number): boolean =>
          a === b ||
          (label[a] !== -1 && label[a] === label[b]) ||
          pairs.some(([x, y]) => (x === a && y === b) || (x === b && y === a));
        const query = drawn.map(([q]) => q);
        const positive = drawn.map(([, p]) => p);
        const negatives = drawn.flatMap(([, , n]) => n);
        const expected = (from: number[], own: number[], more: number[]): number[] =>
          from.flatMap((asking, row) =>
            [...own, ...more].map((candidate, column) =>
              Number(
                column !== row && (candidate < 0 || candidate === own[row] || belong(asking, candidate)),
              ),
            ),
          );
        const masks = new FalseNegatives(pairsOf(pairs, 12, label), 'train').masks(
          batch(query, positive, negatives),
        );
        const forward = expected(query, positive, negatives);
        const reverse = expected(positive, query, []);
        expect([...(masks.forward ?? forward.map(() => 0))]).toEqual(forward);
        expect([...(masks.reverse ?? reverse.map(() => 0))]).toEqual(reverse);
      }),
    );
  });
});
