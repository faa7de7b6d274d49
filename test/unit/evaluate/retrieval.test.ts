import { describe, expect, test } from 'vitest';
import {
  RetrievalAccumulator,
  type RetrievalMetrics,
  retrievalDepth,
} from '../../../src/engine/evaluate/metrics/retrieval';
import { fixture, nearest, type Rows } from './support';

interface Case {
  readonly name: string;
  readonly queries: Rows;
  readonly documents: Rows;
  readonly relevant: Rows;
  readonly dropped: number;
  readonly expected: RetrievalMetrics;
}

describe('retrieval, as InformationRetrievalEvaluator of sentence-transformers', () => {
  test.for(fixture('retrieval') as Case[])(
    '$name',
    async ({ queries, documents, relevant, dropped, expected }) => {
      const { index, k } = await nearest(queries, documents, retrievalDepth);
      const accumulator = new RetrievalAccumulator();
      for (const [q, ids] of relevant.entries()) {
        accumulator.add(index.subarray(q * k, (q + 1) * k), new Set(ids));
      }
      expect(accumulator.result()).toEqual(
        Object.fromEntries(
          Object.entries(expected).map(([name, value]) => [name, expect.closeTo(value, 12)]),
        ),
      );
      expect([accumulator.queries, accumulator.dropped]).toEqual([relevant.length - dropped, dropped]);
    },
  );

  test('has no result without a query that counts', () => {
    const accumulator = new RetrievalAccumulator();
    accumulator.add(Int32Array.of(0, 1), new Set());
    expect(accumulator.result()).toBeUndefined();
    expect(accumulator.dropped).toBe(1);
  });

  test('a query that finds nothing counts as 0', () => {
    const accumulator = new RetrievalAccumulator();
    accumulator.add(Int32Array.of(-1, -1), new Set([3]));
    accumulator.add(Int32Array.of(3), new Set([3]));
    expect(accumulator.result()).toEqual({
      'recall@1': 0.5,
      'recall@10': 0.5,
      'mrr@10': 0.5,
      'ndcg@10': 0.5,
      'map@100': 0.5,
    });
  });
});
