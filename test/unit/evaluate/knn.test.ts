import { describe, expect, test } from 'vitest';
import { knnAccuracy, knnNeighbours, vote } from '../../../src/engine/evaluate/metrics/knn';
import { fixture, nearest, type Rows, unit } from './support';

interface Case {
  readonly name: string;
  readonly memory: Rows;
  readonly labels: readonly number[];
  readonly queries: Rows;
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
  readonly accuracy: number;
}

describe('kNN, as KNeighborsClassifier of scikit-learn with similarities for weights', () => {
  test.for(fixture('knn') as Case[])(
    '$name',
    async ({ memory, labels, queries, truth, predicted, accuracy }) => {
      const neighbours = await nearest(queries.map(unit), memory.map(unit), knnNeighbours);
      const own = Int32Array.from(labels);
      expect(knnAccuracy(neighbours, own, Int32Array.from(predicted))).toBe(1);
      expect(knnAccuracy(neighbours, own, Int32Array.from(truth))).toBeCloseTo(accuracy, 12);
    },
  );
});

describe('vote', () => {
  test.for([
    ['the larger sum wins', [0, 1, 1], [0.75, 0.5, 0.5], 1],
    ['of equal sums, the label of the nearer', [3, 1, 1], [0.5, 0.25, 0.25], 3],
    ['neighbours without a label are passed over', [-1, 2, -1], [1, 0.1, 0.9], 2],
    ['nobody votes', [-1], [1], -1],
    ['no neighbours', [], [], -1],
    ['opposite neighbours: the least unlike', [1, 2], [-0.25, -0.5], 1],
  ] as const)('%s', ([, labels, similarity, winner]) => {
    expect(vote(labels, similarity)).toBe(winner);
  });
});

test('queries without a label are left out, a query without neighbours is wrong', () => {
  const neighbours = { k: 1, index: Int32Array.of(0, 0, -1), score: Float32Array.of(1, 1, 0) };
  expect(knnAccuracy(neighbours, Int32Array.of(5), Int32Array.of(5, -1, 5))).toBe(0.5);
  expect(knnAccuracy(neighbours, Int32Array.of(5), Int32Array.of(-1, -1, -1))).toBeUndefined();
});
