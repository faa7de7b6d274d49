import { describe, expect, it, test } from 'vitest';
import { readHealth } from '../../../src/engine/run/health';
import type { Finding } from '../../../src/protocol/health';
import type { EvaluationView } from '../../../src/protocol/panel';
import type { Metrics, RunRecord } from '../../../src/protocol/run';
import { record as begun } from './support';

const record: RunRecord = {
  formatVersion: 1,
  id: 'r',
  name: 'r',
  state: 'running',
  createdAt: '2026-11-23T19:32:05.678Z',
  ...begun,
  dataset: {
    ...begun.dataset,
    splits: { train: { items: 800, relations: 400 }, dev: { items: 200, relations: 100 } },
  },
  contrast: { candidates: 64, groups: 64 },
  steps: 200,
};
const chance = Math.log(64);

/** A training loss by step. */
function steps(count: number, loss: (step: number) => number) {
  const step = Int32Array.from({ length: count }, (_, i) => i + 1);
  return { step, loss: Float32Array.from(step, loss) };
}

const at = (value: number): Metrics => ({ split: 'dev', 'mrr@10': value });

const bins = (at: number): Uint32Array => {
  const counts = new Uint32Array(100);
  counts[Math.min(99, Math.floor(((at + 1) / 2) * 100))] = 50;
  return counts;
};

function look(step: number, metrics: Partial<Metrics>, negatives = 0): EvaluationView {
  return {
    step,
    seconds: step,
    metrics: { split: 'dev', uniformity: -3, loss: 2, ...metrics },
    histogram: { positives: bins(0.9), negatives: bins(negatives) },
    ...(step === 0 && { modelFree: { split: 'dev', 'mrr@10': 0.5 } }),
  };
}

const rising = [0, 50, 100, 150].map((step) =>
  look(step, { 'mrr@10': 0.3 + step / 500, loss: 2 - step / 200 }),
);
const falling = steps(150, (step) => chance * Math.exp(-step / 80));
const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);

test('a run that goes well is good news, with its figures', () => {
  const [only, ...rest] = readHealth({ record, steps: falling, evaluations: rising });
  expect(rest).toEqual([]);
  expect(only).toMatchObject({ code: 'learning', severity: 'good' });
  expect(only?.evidence).toContain('dev mrr@10 went from 0.3000 to 0.6000 (step 150)');
  expect(only?.evidence).toContain('TF-IDF (0.5000)');
});

test('before the third evaluation there is nothing to tell', () => {
  const findings = readHealth({ record, steps: falling, evaluations: rising.slice(0, 3) });
  expect(findings).toMatchObject([{ code: 'few-evaluations', severity: 'info' }]);
  expect(findings[0]?.evidence).toContain('2 of at least 3');
  expect(readHealth({ record, steps: steps(0, () => 0), evaluations: [] })).toMatchObject([
    { code: 'few-evaluations' },
  ]);
});

test('a run of version 0.1.0, which has no bounds, is still read', () => {
  const { contrast: _none, ...old } = record;
  expect(codes(readHealth({ record: old, steps: falling, evaluations: rising }))).toEqual(['learning']);
});

describe('what goes wrong is found:', () => {
  const chanceLoss = steps(150, () => chance);
  const flat = rising.map((one) => look(one.step, { 'mrr@10': 0.3 }));
  it('stuck at chance, but not in the first steps', () => {
    const [first] = readHealth({ record, steps: chanceLoss, evaluations: flat });
    expect(first).toMatchObject({ code: 'stuck-at-chance', severity: 'warning' });
    expect(first?.evidence).toContain('guessing among 64 candidates gives 4.1589');
    const early = readHealth({ record, steps: steps(40, () => chance), evaluations: flat.slice(0, 2) });
    expect(codes(early)).toEqual(['few-evaluations']);
  });

  it('collapse, by uniformity and the negatives', () => {
    const evaluations = rising.map((one) => look(one.step, { uniformity: -0.01 }, 0.99));
    const [first] = readHealth({ record, steps: chanceLoss, evaluations });
    expect(first).toMatchObject({ code: 'collapse', severity: 'error' });
    expect(first?.evidence).toMatch(/uniformity -0\.0100 .*negatives 0\.99/);
    // Close together before training is how images begin.
    const begins = [look(0, { uniformity: -0.01 }, 0.99), ...rising.slice(1)];
    expect(codes(readHealth({ record, steps: falling, evaluations: begins }))).not.toContain('collapse');
  });

  it('collapse, by the rank', () => {
    const final: RunRecord = { ...record, state: 'completed', metrics: { split: 'dev', rank: 1.2 } };
    expect(codes(readHealth({ record: final, steps: falling, evaluations: rising }))).toContain('collapse');
  });

  it('a loss that comes up again', () => {
    const back = steps(150, (step) => (step < 80 ? 1 : 3));
    const [first] = readHealth({ record, steps: back, evaluations: rising });
    expect(first).toMatchObject({
      code: 'learning-rate-high',
      advice: expect.stringContaining('learningRate (now 0.01)'),
    });
    expect(first?.evidence).toContain('rose from 1.0000');
  });

  it('a loss above guessing', () => {
    const above = steps(150, () => 2 * chance);
    expect(codes(readHealth({ record, steps: above, evaluations: rising }))).toEqual(['learning-rate-high']);
  });

  it('noise of batches is no rise', () => {
    const noisy = steps(150, (step) => 1 + 0.3 * Math.sin(7 * step));
    expect(codes(readHealth({ record, steps: noisy, evaluations: rising }))).toEqual(['learning']);
  });

  it('a temperature at which mistakes outweigh everything', () => {
    const sharp = { ...record, config: { ...record.config, temperature: 0.001 } };
    const evaluations = rising.map(({ step }) => look(step, { loss: 40 }));
    expect(codes(readHealth({ record: sharp, steps: steps(150, () => 30), evaluations }))).toContain(
      'temperature-low',
    );
    expect(codes(readHealth({ record: sharp, steps: falling, evaluations: rising }))).not.toContain(
      'temperature-low',
    );
  });

  it('below the baselines half-way, beyond the sampling error', () => {
    const low = rising.map(({ step }) => look(step, { 'mrr@10': 0.3 }));
    const [first] = readHealth({ record, steps: falling, evaluations: low });
    expect(first).toMatchObject({ code: 'below-baseline', title: 'Still below the baseline' });
    expect(first?.evidence).toContain('mrr@10 0.3000 is worse than TF-IDF (0.5000), after 150 of 200 steps');
    const level = rising.map(({ step }) => look(step, { 'mrr@10': 0.45 }));
    expect(codes(readHealth({ record, steps: falling, evaluations: level }))).not.toContain('below-baseline');
    const soon = { ...record, steps: 1000 };
    expect(codes(readHealth({ record: soon, steps: falling, evaluations: low }))).not.toContain(
      'below-baseline',
    );
  });

  it('at the end the final figures count', () => {
    const baselines = { untrained: at(0.2), model_free: at(0.9) };
    const final: RunRecord = { ...record, state: 'completed', metrics: at(0.6), baselines };
    const [first] = readHealth({ record: final, steps: falling, evaluations: rising });
    expect(first).toMatchObject({ code: 'below-baseline', title: 'Below the baseline' });
    expect(first?.evidence).toBe('mrr@10 0.6000 is worse than TF-IDF (0.9000).');
  });

  it('overfitting, by the metric and by the loss alone', () => {
    const best = { ...record, best: { step: 50, metric: 'mrr@10' as const, value: 0.9 } };
    const turned = [
      look(0, { 'mrr@10': 0.3 }),
      look(50, { 'mrr@10': 0.9 }),
      look(100, { 'mrr@10': 0.7 }),
      look(150, { 'mrr@10': 0.6 }),
    ];
    const [first] = readHealth({ record: best, steps: falling, evaluations: turned });
    expect(first).toMatchObject({ code: 'overfitting', severity: 'warning' });
    expect(first?.evidence).toBe(
      'dev mrr@10 fell from 0.9000 (step 50) to 0.6000, while the training loss went on falling. The weights of step 50 are kept.',
    );
    const sure = rising.map(({ step, metrics }) => look(step, { ...metrics, loss: step === 50 ? 1 : 1.5 }));
    expect(readHealth({ record, steps: falling, evaluations: sure })).toMatchObject([
      { code: 'overfitting', severity: 'info' },
      { severity: 'good' },
    ]);
    // Close to 0 every rise is a large share of what was there.
    const nothing = rising.map(({ step, metrics }) =>
      look(step, { ...metrics, loss: step === 50 ? 0 : 0.001 }),
    );
    expect(codes(readHealth({ record, steps: falling, evaluations: nothing }))).not.toContain('overfitting');
    // Where training stands still too, it is not that.
    expect(codes(readHealth({ record, steps: steps(150, () => 1), evaluations: turned }))).not.toContain(
      'overfitting',
    );
  });

  it('leakage, from the record or as given', () => {
    const problems = [
      { severity: 'warning' as const, code: 'leakage', message: '9 of 100 dev rows are also in train' },
    ];
    const found = readHealth({ record: { ...record, problems }, steps: falling, evaluations: rising });
    expect(found).toMatchObject([{ code: 'leakage', evidence: '9 of 100 dev rows are also in train.' }]);
    expect(codes(readHealth({ record, steps: falling, evaluations: rising, problems }))).toEqual(['leakage']);
  });

  it('numbers that are none, first of all', () => {
    const failure = { code: 'non-finite-loss', message: 'the loss is NaN at step 7' };
    const failed: RunRecord = { ...record, state: 'failed', failure };
    const [first] = readHealth({ record: failed, steps: falling, evaluations: rising });
    expect(first).toMatchObject({
      code: 'non-finite',
      severity: 'error',
      evidence: 'the loss is NaN at step 7.',
    });
  });
});
