import { describe, expect, it } from 'vitest';
import { asGood, criterionOf } from '../../../src/engine/train/best';
import { learningRateAt } from '../../../src/engine/train/schedule';
import { layouts } from '../../../src/protocol/dataset';
import { record } from '../run/support';

const config = { ...record.config, learningRate: 2, warmup: 0.1, finalLearningRate: 0.05 };
const rates = (steps: number, over = {}): number[] =>
  Array.from({ length: steps }, (_, i) => learningRateAt(i + 1, steps, { ...config, ...over }));

describe('the learning rate', () => {
  it('climbs in a line to its peak, then falls on half a cosine to its end', () => {
    const all = rates(100);
    for (let step = 1; step <= 10; step++) expect(all[step - 1]).toBeCloseTo((2 * step) / 10, 12);
    expect(all[99]).toBeCloseTo(2 * 0.05, 12);
    // Half-way down it is the mean of peak and end.
    expect(all[54]).toBeCloseTo((2 + 0.1) / 2, 12);
    for (let step = 10; step < 100; step++) expect(all[step]).toBeLessThan(all[step - 1] as number);
  });

  it.each([1, 2, 3])('is positive and at most its peak in every one of %d steps', (steps) => {
    for (const over of [{}, { warmup: 0 }, { warmup: 1 }])
      for (const rate of rates(steps, over)) {
        expect(rate).toBeGreaterThan(0);
        expect(rate).toBeLessThanOrEqual(2);
      }
  });

  it('starts at the peak without a warm-up, and ends at it with nothing else', () => {
    expect(rates(10, { warmup: 0 })[0]).toBe(2);
    expect(rates(10, { warmup: 1 }).at(-1)).toBe(2);
    expect(new Set(rates(10, { warmup: 0, finalLearningRate: 1 })).size).toBe(1);
  });
});

describe('the evaluation whose weights are kept', () => {
  const share = criterionOf('pairs');

  it('may be one standard error below the peak', () => {
    // A share of 0.8 in 100 queries: 0.04.
    expect(asGood(0.761, 0.8, 100, share)).toBe(true);
    expect(asGood(0.759, 0.8, 100, share)).toBe(false);
    expect(asGood(0.799, 0.8, 1e6, share)).toBe(false);
    expect(asGood(0.999, 1, 100, share)).toBe(false);
    expect(asGood(0.81, 0.8, 100, share)).toBe(true);
  });

  it('goes by the error of a correlation for scores', () => {
    // (1 - 0.25) / sqrt(100) = 0.075
    expect(asGood(0.426, 0.5, 101, criterionOf('scored-pairs'))).toBe(true);
    expect(asGood(0.424, 0.5, 101, criterionOf('scored-pairs'))).toBe(false);
  });

  it('is the lowest where lower is better', () => {
    expect(asGood(1.01, 1, 50, criterionOf('vectors'))).toBe(false);
    expect(asGood(1, 1, 50, criterionOf('vectors'))).toBe(true);
  });

  it('is never one of no number', () => {
    for (const layout of layouts) expect(asGood(Number.NaN, 0.5, 100, criterionOf(layout))).toBe(false);
  });
});
