import { describe, expect, test } from 'vitest';
import { anomalyRocAuc, anomalyScores } from '../../../src/engine/evaluate/metrics/anomaly';
import { fixture, nearest, type Rows, unit } from './support';

interface Case {
  readonly name: string;
  readonly k: number;
  readonly memory: Rows;
  readonly queries: Rows;
  readonly anomalous: number[];
  readonly scores: number[];
  readonly rocAuc: number;
}

describe('anomaly scores, as NearestNeighbors of scikit-learn', () => {
  test.for(fixture('anomaly') as Case[])(
    '$name',
    async ({ k, memory, queries, anomalous, scores, rocAuc }) => {
      // Asking for more than the memory holds pads the rows; the mean is over those that are there.
      const asked = k === memory.length ? k + 3 : k;
      const found = anomalyScores(await nearest(queries.map(unit), memory.map(unit), asked));
      for (const [i, score] of scores.entries()) expect(found[i]).toBeCloseTo(score, 6);
      expect(anomalyRocAuc(found, Uint8Array.from(anomalous))).toBeCloseTo(rocAuc, 12);
    },
  );
});

test('without a memory there is no score, without both kinds no area', async () => {
  const lonely = await nearest([[1, 0]], [], 3);
  expect(() => anomalyScores(lonely)).toThrow('query 0 has no neighbour');
  expect(anomalyScores(await nearest([], [], 3))).toHaveLength(0);
  expect(anomalyRocAuc(Float64Array.of(1, 2), Uint8Array.of(1, 1))).toBeUndefined();
});
