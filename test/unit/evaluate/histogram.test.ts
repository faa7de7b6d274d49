import { describe, expect, test } from 'vitest';
import { similarityHistogram } from '../../../src/engine/evaluate/metrics/histogram';
import { fixture } from './support';

interface Case {
  readonly name: string;
  readonly bins: number;
  readonly input: [number[], number[]];
  readonly positives: number[];
  readonly negatives: number[];
}

describe('similarityHistogram, as numpy', () => {
  test.for(fixture('histogram') as Case[])('$name', ({ bins, input, positives, negatives }) => {
    const [p, n] = input.map((values) => Float32Array.from(values)) as [Float32Array, Float32Array];
    const histogram = similarityHistogram(p, n, bins);
    expect([...histogram.positives]).toEqual(positives);
    expect([...histogram.negatives]).toEqual(negatives);
  });
});

test('a cosine rounded over 1 is in the last bin, what is no cosine is refused', () => {
  const { positives, negatives } = similarityHistogram(
    Float32Array.of(1.0000001),
    Float32Array.of(-1.0000001),
    4,
  );
  expect([[...positives], [...negatives]]).toEqual([
    [0, 0, 0, 1],
    [1, 0, 0, 0],
  ]);
  for (const value of [1.1, -2, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => similarityHistogram(Float32Array.of(0), Float32Array.of(0, value))).toThrow('negative 1 is');
  }
});
