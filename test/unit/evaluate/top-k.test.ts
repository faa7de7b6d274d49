import { array, assert, constantFrom, integer, nat, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectTopK, rankTopK } from '../../../src/engine/evaluate/metrics/top-k';
import { Slices } from '../../../src/engine/slices';

/** Few distinct values, so that most scores are tied. */
const scores = array(constantFrom(-1, -0, 0, 0.5, 1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY));

describe('rankTopK', () => {
  test('is a stable sort by descending score, cut at k', () => {
    assert(
      property(scores, nat(12), integer({ min: -1, max: 8 }), (values, k, exclude) => {
        const sorted = values
          .map((score, index) => ({ score: score + 0, index }))
          .filter(({ index }) => index !== exclude)
          .sort((a, b) => (a.score === b.score ? a.index - b.index : a.score > b.score ? -1 : 1));
        const expected = sorted.slice(0, k).map(({ index }) => index);
        expect([...rankTopK(Float32Array.from(values), k, exclude)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('ranks what is long, in either order', () => {
    const up = Float32Array.from({ length: 5000 }, (_, i) => i);
    expect([...rankTopK(up, 3)]).toEqual([4999, 4998, 4997]);
    expect([...rankTopK(up.slice().reverse(), 3)]).toEqual([0, 1, 2]);
  });

  test('names a NaN instead of ranking it', () => {
    expect(() => rankTopK(Float32Array.of(1, Number.NaN), 1)).toThrow('score 1 is NaN');
  });
});

const rank = (query: number) => ({ scores: Float32Array.of(0.25, 0.5), exclude: query - 1 });

test('collectTopK pads rows that have too few candidates', async () => {
  const top = await collectTopK(2, 3, rank, new Slices());
  expect([...top.index]).toEqual([1, 0, -1, 1, -1, -1]);
  expect([...top.score]).toEqual([0.5, 0.25, 0, 0.5, 0, 0]);
});

test('collectTopK ends between two queries once nobody wants it any more', async () => {
  const stop = new AbortController();
  let ranked = 0;
  const stopping = (query: number) => {
    if (++ranked === 2) stop.abort();
    return rank(query);
  };
  const ended = collectTopK(5, 1, stopping, new Slices(stop.signal));
  await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
  expect(ranked).toBe(2);
});
