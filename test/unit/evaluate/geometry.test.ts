import { describe, expect, test } from 'vitest';
import { symmetricEigenvalues } from '../../../src/engine/evaluate/metrics/eigenvalues';
import { alignment, miLowerBound, rank, uniformity } from '../../../src/engine/evaluate/metrics/geometry';
import { random } from '../../../src/engine/random';
import { dot, fixture, flat, type Rows, unit } from './support';

interface Case {
  readonly name: string;
  readonly rows: Rows;
  readonly alignment: number;
  readonly uniformity: number;
  readonly rank: number;
}
interface Symmetric {
  readonly name: string;
  readonly matrix: Rows;
  readonly eigenvalues: number[];
}

describe('geometry, as the code of Wang and Isola on torch, and the SVD of numpy', () => {
  test.for(fixture('geometry') as Case[])('$name', ({ rows, ...expected }) => {
    const units = rows.map(unit);
    const width = rows[0]?.length as number;
    const half = Math.floor(rows.length / 2);
    const cosines = Float64Array.from({ length: half }, (_, i) =>
      dot(units[i] as readonly number[], units[half + i] as readonly number[]),
    );
    expect(alignment(cosines)).toBeCloseTo(expected.alignment, 12);
    const { length } = rows;
    const spread = uniformity(flat(units), width);
    expect(spread).toEqual({ value: expect.closeTo(expected.uniformity, 12), rows: length, of: length });
    expect(rank(flat(units), width)?.value).toBeCloseTo(expected.rank, 6);
    expect(rank(Float32Array.from(flat(units)), width)?.value).toBeCloseTo(expected.rank, 4);
  });

  test('do not exist where there is nothing to measure', () => {
    expect(alignment(new Float32Array())).toBeUndefined();
    expect(uniformity(new Float32Array(), 3)).toBeUndefined();
    expect(uniformity(Float32Array.of(1, 0, 0), 3)).toBeUndefined();
    expect(rank(new Float32Array(), 3)).toBeUndefined();
    expect(rank(new Float32Array(6), 3)).toBeUndefined();
    expect(rank(Float32Array.of(0, 1, 0), 3)?.value).toBe(1);
  });

  test('name the row that holds NaN, and rows that do not fit', () => {
    const rows = Float32Array.of(1, 0, 0, 1, Number.NaN, 0);
    expect(() => uniformity(rows, 2)).toThrow('row 2, column 0 is NaN');
    expect(() => rank(rows, 2)).toThrow('row 2, column 0 is NaN');
    expect(() => rank(rows, 4)).toThrow('6 values do not make rows of width 4');
    expect(() => alignment(rows)).toThrow('cosine 4 is NaN');
  });
});

describe('of many rows', () => {
  const width = 4;
  const source = random(1, 'test');
  const rows = flat(
    Array.from({ length: 600 }, () => unit(Array.from({ length: width }, () => source.normal()))),
  );

  test('a sample near the whole, the same every time, which says its size', () => {
    for (const measure of [uniformity, rank]) {
      const sampled = measure(rows, width, 200);
      expect(sampled).toEqual(measure(rows, width, 200));
      expect(sampled).toMatchObject({ rows: 200, of: 600 });
      const whole = measure(rows, width)?.value as number;
      expect(Math.abs((sampled?.value as number) - whole)).toBeLessThan(0.1);
      expect(sampled?.value).not.toBe(whole);
    }
  });
});

describe('symmetricEigenvalues, as numpy', () => {
  test.for(fixture('eigenvalues') as Symmetric[])('$name', ({ matrix, eigenvalues }) => {
    const given = flat(matrix);
    const before = given.slice();
    const found = symmetricEigenvalues(given, matrix.length);
    expect(given).toEqual(before);
    const largest = Math.max(...eigenvalues.map(Math.abs));
    for (const [i, value] of eigenvalues.entries()) {
      expect(Math.abs((found[i] as number) - value)).toBeLessThanOrEqual(1e-14 * matrix.length * largest);
    }
  });

  test('couplings whose squares vanish', () => {
    const tiny = 1e-160;
    const found = symmetricEigenvalues(Float64Array.of(1, tiny, tiny, tiny, 2, tiny, tiny, tiny, 3), 3);
    expect([...found]).toEqual([1, 2, 3]);
  });

  test('at the width of a large embedding: sum and sum of squares are the trace and the norm', () => {
    const size = 300;
    const source = random(2, 'test');
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = source.normal();
    }
    const found = symmetricEigenvalues(matrix, size);
    const trace = Array.from({ length: size }, (_, i) => matrix[i * size + i] as number);
    expect(found.reduce((a, b) => a + b)).toBeCloseTo(
      trace.reduce((a, b) => a + b),
      8,
    );
    expect(Math.hypot(...found)).toBeCloseTo(Math.sqrt(matrix.reduce((sum, x) => sum + x * x, 0)), 8);
  });
});

test('miLowerBound is ln N - loss, below ln N', () => {
  expect(miLowerBound(Math.log(8), 8)).toEqual({ value: 0, ceiling: Math.log(8) });
  expect(miLowerBound(0.5, 256).value).toBeCloseTo(5.545177444479562 - 0.5, 12);
});
