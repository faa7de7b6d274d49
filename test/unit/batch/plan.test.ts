import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchItems, stack } from '../../../src/engine/batch/items';
import { batchCount, type EpochRows, planBatches } from '../../../src/engine/batch/plan';
import { random } from '../../../src/engine/random';

/** Rows of items drawn from a pool: the smaller it is, the more rows share an item. */
const anyRows: fc.Arbitrary<EpochRows> = fc
  .record({
    count: fc.integer({ min: 2, max: 60 }),
    pool: fc.integer({ min: 2, max: 200 }),
    negativesPerRow: fc.integer({ min: 0, max: 2 }),
  })
  .chain(({ count, pool, negativesPerRow }) => {
    const items = (low: number, length: number): fc.Arbitrary<Int32Array> =>
      fc
        .array(fc.integer({ min: low, max: pool - 1 }), { minLength: length, maxLength: length })
        .map((values) => Int32Array.from(values));
    return fc.record({
      anchor: items(0, count),
      positive: items(0, count),
      negatives: items(-1, count * negativesPerRow),
      negativesPerRow: fc.constant(negativesPerRow),
    });
  });

/** `count` rows; the first `hub` of them have item 0 as their positive, nothing else is shared. */
function rowsWithHub(count: number, hub: number): EpochRows {
  return {
    anchor: Int32Array.from({ length: count }, (_, row) => 2 * row + 1),
    positive: Int32Array.from({ length: count }, (_, row) => (row < hub ? 0 : 2 * row + 2)),
    negatives: new Int32Array(0),
    negativesPerRow: 0,
  };
}

function itemsOf(rows: EpochRows, row: number): Set<number> {
  const { query, positive, negatives } = batchItems(rows, Int32Array.of(row));
  return new Set([...query, ...positive, ...negatives].filter((item) => item >= 0));
}

const plan = (rows: EpochRows, batches: number, epoch = 0, seed = 3) =>
  planBatches(rows, batches, random(seed, 'shuffle', epoch));

describe('a plan of batches', () => {
  it('keeps rows that share an item apart, and every row is dealt once or counted', () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 20 }), fc.nat(50), (rows, batches, epoch) => {
        const count = rows.anchor.length;
        const planned = plan(rows, batches, epoch);
        const dealt = planned.batches.flatMap((batch) => Array.from(batch));
        expect(new Set(dealt).size).toBe(dealt.length);
        expect(dealt.length + planned.leftOut).toBe(count);
        expect(planned.batches.length).toBeLessThanOrEqual(batches);
        for (const batch of planned.batches) {
          expect(batch.length).toBeGreaterThan(1);
          expect(batch.length).toBeLessThanOrEqual(Math.ceil(count / batches));
          const items = Array.from(batch, (row) => [...itemsOf(rows, row)]).flat();
          expect(new Set(items).size).toBe(items.length);
        }
      }),
    );
  });

  it('gives every batch the same number of rows, give or take one, where none share an item', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 80 }), fc.integer({ min: 1, max: 20 }), (count, wanted) => {
        const batches = Math.min(wanted, Math.floor(count / 2));
        const planned = plan(rowsWithHub(count, 0), batches);
        const sizes = planned.batches.map((batch) => batch.length);
        expect(planned.leftOut).toBe(0);
        expect(sizes.length).toBe(batches);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is a function of seed and epoch', () => {
    const rows = rowsWithHub(40, 3);
    const of = (epoch: number, seed: number): number[][] =>
      plan(rows, 4, epoch, seed).batches.map((batch) => Array.from(batch));
    expect(of(1, 3)).toEqual(of(1, 3));
    for (const [epoch, seed] of [
      [2, 3],
      [1, 4],
    ] as const)
      expect(of(epoch, seed)).not.toEqual(of(1, 3));
    // Not the same batches in another order either.
    const sets = (epoch: number): Set<string> =>
      new Set(of(epoch, 3).map((batch) => batch.sort((a, b) => a - b).join()));
    expect([...sets(2)].some((batch) => sets(1).has(batch))).toBe(false);
  });

  it('gives rows that were left out their turn in other epochs', () => {
    const rows = rowsWithHub(40, 12);
    const dealt = new Set<number>();
    for (let epoch = 0; epoch < 20; epoch++) {
      const planned = plan(rows, 4, epoch);
      expect(planned.leftOut).toBe(8);
      for (const row of planned.batches.flatMap((batch) => Array.from(batch))) dealt.add(row);
    }
    expect(dealt.size).toBe(40);
  });
});

describe('the number of batches', () => {
  it.each([
    [100, 32, 4],
    [96, 32, 3],
    [5, 32, 1],
    [2, 2, 1],
  ])('is %d rows by %d, rounded up, but two rows in each: %d', (count, size, expected) => {
    expect(batchCount(rowsWithHub(count, 0), size)).toBe(expected);
  });

  it('grows with an item in many rows, so that hardly a row is left out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 300 }), fc.integer({ min: 1, max: 40 }), (count, percent) => {
        const rows = rowsWithHub(count, Math.floor((count * percent) / 100));
        const batches = batchCount(rows, 50);
        expect(batches).toBeGreaterThanOrEqual(Math.ceil(count / 50));
        const planned = plan(rows, batches);
        expect(planned.leftOut / count).toBeLessThanOrEqual(0.05);
        expect(planned.batches.length).toBe(batches);
      }),
    );
  });

  it('ignores items that a row holds twice', () => {
    const views = Int32Array.from({ length: 60 }, (_, row) => row);
    const rows = { anchor: views, positive: views, negatives: new Int32Array(0), negativesPerRow: 0 };
    expect(batchCount(rows, 20)).toBe(3);
    expect(plan(rows, 3).leftOut).toBe(0);
  });
});

describe('the items of a batch', () => {
  const rows: EpochRows = {
    anchor: Int32Array.of(10, 11, 12),
    positive: Int32Array.of(20, 21, 22),
    negatives: Int32Array.of(30, 40, 31, -1, -1, -1),
    negativesPerRow: 2,
  };

  it('follow the rows of the batch', () => {
    const items = batchItems(rows, Int32Array.of(2, 0));
    expect([...items.query]).toEqual([12, 10]);
    expect([...items.positive]).toEqual([22, 20]);
    expect([...items.negatives]).toEqual([-1, -1, 30, 40]);
  });

  it('are stacked with a positive in the place of a missing negative', () => {
    const items = batchItems(rows, Int32Array.of(1, 2));
    expect([...stack(items)]).toEqual([11, 12, 21, 22, 31, 21, 22, 22]);
  });

  it('are stacked without negatives too', () => {
    const plain = { ...rows, negatives: new Int32Array(0), negativesPerRow: 0 };
    expect([...stack(batchItems(plain, Int32Array.of(1, 0)))]).toEqual([11, 10, 21, 20]);
  });
});
