import { describe, expect, test } from 'vitest';
import {
  averagePrecision,
  rocAuc,
  spearman,
  tripletAccuracy,
} from '../../../src/engine/evaluate/metrics/pairs';
import { fixture } from './support';

interface Ranked {
  readonly name: string;
  readonly positives: number[];
  readonly negatives: number[];
  readonly rocAuc: number;
  readonly averagePrecision: number;
}
interface Correlated {
  readonly name: string;
  readonly first: number[];
  readonly second: number[];
  readonly spearman: number;
}
const { ranked, correlated } = fixture('pairs') as { ranked: Ranked[]; correlated: Correlated[] };
const empty = new Float32Array();

describe('pair metrics, as scikit-learn', () => {
  test.for(ranked)('$name', ({ positives, negatives, ...expected }) => {
    const [p, n] = [Float32Array.from(positives), Float32Array.from(negatives)];
    expect(rocAuc(p, n)).toBeCloseTo(expected.rocAuc, 12);
    expect(averagePrecision(p, n)).toBeCloseTo(expected.averagePrecision, 12);
  });

  test('do not exist without both sides', () => {
    expect(rocAuc(Float32Array.of(1), empty)).toBeUndefined();
    expect(rocAuc(empty, Float32Array.of(1))).toBeUndefined();
    expect(averagePrecision(empty, Float32Array.of(1))).toBeUndefined();
    expect(averagePrecision(Float32Array.of(1), empty)).toBe(1);
  });

  test('take 0 and -0 for one score', () => {
    expect(rocAuc(Float32Array.of(0), Float32Array.of(-0))).toBe(0.5);
  });
});

describe('spearman, as scipy', () => {
  test.for(correlated)('$name', ({ first, second, spearman: expected }) => {
    expect(spearman(Float64Array.from(first), Float64Array.from(second))).toBeCloseTo(expected, 12);
  });

  test.for([
    ['empty', [], []],
    ['one pair', [1], [2]],
    ['one side constant', [1, 2, 3], [7, 7, 7]],
  ] as const)('does not exist: %s', ([, first, second]) => {
    expect(spearman(Float32Array.from(first), Float32Array.from(second))).toBeUndefined();
    expect(spearman(Float32Array.from(second), Float32Array.from(first))).toBeUndefined();
  });
});

test('tripletAccuracy wants the positive strictly nearer', () => {
  expect(tripletAccuracy(Float32Array.of(0.5, 0.5, 0, 1), Float32Array.of(0.25, 0.5, 1, -1))).toBe(0.5);
  expect(tripletAccuracy(empty, empty)).toBeUndefined();
});

describe('what is our own fault is named', () => {
  const bad = Float32Array.of(0, Number.NaN);
  const good = Float32Array.of(0, 1);
  test.for([
    ['rocAuc', () => rocAuc(bad, good), 'positive score 1 is NaN'],
    ['averagePrecision', () => averagePrecision(good, bad), 'negative score 1 is NaN'],
    ['spearman', () => spearman(good, bad), 'value 1 is NaN'],
    ['tripletAccuracy', () => tripletAccuracy(bad, good), 'positive score 1 is NaN'],
    ['lengths', () => spearman(good, empty), '2 values against 0'],
  ] as const)('%s', ([, run, message]) => {
    expect(run).toThrow(message);
  });
});
