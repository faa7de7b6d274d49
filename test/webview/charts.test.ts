import { array, assert, double, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimate, nearest, onGrid } from '../../src/webview/charts/decimate';
import { nameBaselines } from '../../src/webview/charts/levels';
import { Smoothed } from '../../src/webview/charts/smooth';
import { differences } from '../../src/webview/compare/differences';
import { bestThreshold, decide, overlap, rocAuc } from '../../src/webview/similarities/separation';

describe('names of levels', () => {
  const [top, height] = [20, 13];

  test('stand where they want to, where there is room', () => {
    expect(nameBaselines([50, 90, 200], top, height)).toEqual([50, 90, 200]);
  });

  test('never touch and never leave the chart at the top, however many want the same place', () => {
    assert(
      property(array(double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 6 }), (values) => {
        const placed = nameBaselines(
          values.sort((a, b) => a - b),
          top,
          height,
        );
        expect(placed[0]).toBeGreaterThanOrEqual(top);
        for (let i = 1; i < placed.length; i++)
          expect((placed[i] as number) - (placed[i - 1] as number)).toBeGreaterThanOrEqual(height - 1e-9);
      }),
    );
  });
});

describe('smoothing', () => {
  test('keeps a constant, starts at the first value, and is the weighted mean of all so far', () => {
    assert(
      property(
        array(double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 50 }),
        double({ min: 0, max: 0.99, noNaN: true }),
        (values, weight) => {
          const smoothed = new Smoothed(weight).of(values);
          const last = values.length - 1;
          const weights = values.map((_, i) => weight ** (last - i));
          const total = weights.reduce((sum, w) => sum + w, 0);
          const mean = values.reduce((sum, value, i) => sum + value * (weights[i] as number), 0) / total;
          expect(smoothed[last]).toBeCloseTo(mean, 9);
          expect(smoothed[0]).toBeCloseTo(values[0] as number, 12);
        },
      ),
    );
    const constant = new Smoothed(0.97).of(new Array<number>(5000).fill(1.7));
    expect(Math.max(...constant) - Math.min(...constant)).toBeLessThan(1e-12);
  });

  test('gives the same whether a column comes at once or in pieces, and passes over what is not finite', () => {
    const values = Float64Array.from({ length: 3000 }, (_, i) =>
      i % 700 === 3 ? Number.NaN : Math.sin(i / 50),
    );
    const pieces = new Smoothed(0.9);
    for (let length = 1; length < values.length; length += 333) pieces.of(values.subarray(0, length));
    const whole = new Smoothed(0.9).of(values);
    expect(pieces.of(values)).toEqual(whole);
    expect(whole.every(Number.isFinite)).toBe(true);
  });
});

describe('decimation', () => {
  const xs = Int32Array.from({ length: 100_000 }, (_, i) => i + 1);
  const ys = Float32Array.from(xs, (x) => (x === 54_321 ? 9 : Math.sin(x / 900)));

  test('loses no spike and no end, and keeps a few points a pixel', () => {
    const kept = decimate(xs, ys, [1, 100_000], 800);
    expect(kept.length).toBeLessThanOrEqual(4 * 801);
    expect(kept).toContain(54_320);
    expect([kept[0], kept.at(-1)]).toEqual([0, 99_999]);
    expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
  });

  test('keeps every point of a part that has few, and one on each side', () => {
    expect(decimate(xs, ys, [501, 510], 800)).toEqual(Array.from({ length: 12 }, (_, i) => i + 499));
  });

  test('puts the last of each half pixel on the grid', () => {
    const [places, values] = onGrid([0, 1, 2, 3, 4], [10, 11, 12, 13, 14], [0, 4], 1);
    expect([places, values]).toEqual([
      [0, 2, 4],
      [10, 12, 14],
    ]);
  });

  test('finds the nearest value', () => {
    expect([0, 2.4, 2.6, 99].map((x) => nearest([1, 2, 3], x))).toEqual([0, 1, 2, 2]);
  });
});

describe('how far two histograms are apart', () => {
  const apart = { positives: Uint32Array.of(0, 0, 0, 4), negatives: Uint32Array.of(2, 2, 0, 0) };
  const mixed = { positives: Uint32Array.of(0, 1, 1, 2), negatives: Uint32Array.of(1, 1, 1, 1) };

  test('apart: no overlap, a perfect ranking, a threshold without error', () => {
    expect([overlap(apart), rocAuc(apart)]).toEqual([0, 1]);
    expect(decide(apart, bestThreshold(apart))).toEqual({
      truePositives: 1,
      falsePositives: 0,
      precision: 1,
      balancedAccuracy: 1,
      accuracy: 1,
    });
  });

  test('mixed: as counted by hand', () => {
    expect(overlap(mixed)).toBeCloseTo(0.75);
    // Every pair of a positive and a negative, ties for half: (1·1.5 + 1·2.5 + 2·3.5) / 16.
    expect(rocAuc(mixed)).toBeCloseTo(11 / 16);
    expect(decide(mixed, 3)).toEqual({
      truePositives: 0.5,
      falsePositives: 0.25,
      precision: 2 / 3,
      balancedAccuracy: 0.625,
      accuracy: 5 / 8,
    });
    expect(decide(mixed, 4).precision).toBeUndefined();
  });
});

test('only settings that differ are listed, by their path', () => {
  const base = { epochs: 5, text: { idf: 'rows', dense: 0 }, vector: { hidden: [256] } };
  const other = { epochs: 5, text: { idf: 'pooling', dense: 0 }, vector: { hidden: [512] } };
  expect(differences([base, other] as never)).toEqual([
    { setting: 'text.idf', values: ['rows', 'pooling'] },
    { setting: 'vector.hidden', values: ['[256]', '[512]'] },
  ]);
});
