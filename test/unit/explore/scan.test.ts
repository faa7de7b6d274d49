import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cosine, Scanner } from '../../../src/engine/explore/scan';
import { angles, unitRows } from './support';

function embeddingsOf(directions: readonly (readonly number[])[]) {
  return {
    rows: Int32Array.from(directions.keys()),
    data: unitRows(directions),
    dimensions: directions[0]?.length ?? 0,
  };
}

/** The same by sorting everything, in double precision. */
function naive(directions: readonly (readonly number[])[], query: number, k: number): number[] {
  const unit = directions.map((direction) => direction.map((value) => value / Math.hypot(...direction)));
  const asked = unit[query] as number[];
  const scores = unit.map((row) =>
    Math.fround(row.reduce((sum, value, i) => sum + value * (asked[i] as number), 0)),
  );
  return scores
    .map((_, row) => row)
    .filter((row) => row !== query)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, k);
}

describe('an exact scan', () => {
  test('finds what sorting everything finds, at any width', () => {
    assert(
      property(integer({ min: 1, max: 19 }), integer({ min: 2, max: 40 }), (width, count) => {
        // Whole numbers that are never all 0, far enough apart for float32.
        const directions = Array.from({ length: count }, (_, row) =>
          Array.from({ length: width }, (_, i) => ((row * 7919 + i * 104_729) % 97) + 1),
        );
        const embeddings = embeddingsOf(directions);
        const scanner = new Scanner(embeddings, embeddings.rows);
        const { positions, similarities } = scanner.nearest(embeddings.data.subarray(0, width), 5, 0);
        const expected = naive(directions, 0, 5);
        expect(positions).toHaveLength(expected.length);
        for (const [i, row] of expected.entries())
          expect(similarities[i]).toBeCloseTo(cosine(embeddings, 0, row), 5);
      }),
    );
  });

  test('equal rows come in their order, and no cosine is beyond 1', () => {
    const third = [0.3, 0.3, 0.3];
    const embeddings = embeddingsOf([third, [1, 0, 0], third, third, [-0.3, -0.3, -0.3]]);
    const { positions, similarities } = new Scanner(embeddings, embeddings.rows).nearest(
      embeddings.data.subarray(0, 3),
      10,
      0,
    );
    expect([...positions]).toEqual([2, 3, 1, 4]);
    expect(Math.max(...similarities)).toBeLessThanOrEqual(1);
    expect(similarities[0]).toBeCloseTo(1, 6);
    expect(similarities[3]).toBeCloseTo(-1, 6);
    expect(similarities[3]).toBeGreaterThanOrEqual(-1);
  });

  test('only candidates are looked at, and a query outside of them is not left out', () => {
    const embeddings = embeddingsOf(angles(0, 5, 10, 90));
    const scanner = new Scanner(embeddings, Int32Array.of(2, 3));
    expect([...scanner.nearest(embeddings.data.subarray(0, 2), 4, 0).positions]).toEqual([2, 3]);
    expect([...scanner.nearest(embeddings.data.subarray(0, 2), 4, 2).positions]).toEqual([3]);
    expect([...scanner.nearest(embeddings.data.subarray(0, 2), 1).positions]).toEqual([2]);
  });
});
