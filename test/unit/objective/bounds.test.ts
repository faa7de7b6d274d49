import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { lossBounds } from '../../../src/engine/objective/bounds';
import { type InfoNceInput, infoNce } from '../../../src/engine/objective/infonce';
import { loadNative } from '../../../src/engine/tensorflow/native';
import type { Negatives } from '../../../src/protocol/run';

beforeAll(loadNative);

const rows = 5;
const perRow = 2;
const temperature = 0.5;

/** The corners of a regular simplex: `count` unit vectors, each pair at a cosine of -1 / (count - 1). */
function simplex(count: number): number[][] {
  const centred = (row: number): number[] =>
    Array.from({ length: count }, (_, column) => (row === column ? 1 : 0) - 1 / count);
  return Array.from({ length: count }, (_, row) => centred(row));
}

function loss(
  at: { query: number[][]; positive: number[][]; negatives?: number[][]; mask?: number[][] },
  negatives: Negatives,
  symmetric: boolean,
): number {
  return tf.tidy(() => {
    const mask = at.mask && { mask: tf.tensor2d(at.mask), reverseMask: tf.tensor2d(at.mask) };
    const input: InfoNceInput = {
      query: tf.tensor2d(at.query),
      positive: tf.tensor2d(at.positive),
      ...(at.negatives && { negatives: tf.tensor2d(at.negatives) }),
      ...mask,
    };
    return infoNce(input, { temperature, symmetric, negatives }).dataSync<'float32'>()[0] as number;
  });
}

const same = (count: number, sign = 1): number[][] => Array.from({ length: count }, () => [sign, 0]);
const contrasts: Record<Negatives, { candidates: number; groups: number }> = {
  'in-batch': { candidates: rows, groups: rows },
  'explicit-shared': { candidates: 1 + rows * perRow, groups: rows },
  'explicit-paired': { candidates: 1 + perRow, groups: rows },
  both: { candidates: rows + rows * perRow, groups: rows },
};
const forms = Object.keys(contrasts) as Negatives[];
const explicit = (negatives: Negatives): boolean => negatives !== 'in-batch';

describe('the loss of knowing nothing', () => {
  it.each(forms.flatMap((form) => [[form, false] as const, [form, true] as const]))(
    'is what equal embeddings have: %s, symmetric %s',
    (negatives, symmetric) => {
      // Explicit negatives alone know no way back.
      if (symmetric && negatives.startsWith('explicit')) return;
      const at = {
        query: same(rows),
        positive: same(rows),
        ...(explicit(negatives) && { negatives: same(rows * perRow) }),
      };
      const { chance } = lossBounds({ temperature, negatives, symmetric }, contrasts[negatives]);
      expect(loss(at, negatives, symmetric)).toBeCloseTo(chance, 5);
    },
  );
});

describe('the least loss', () => {
  it('of in-batch negatives is that of a simplex', () => {
    const at = { query: simplex(rows), positive: simplex(rows) };
    const { floor } = lossBounds(
      { temperature, negatives: 'in-batch', symmetric: true },
      contrasts['in-batch'],
    );
    expect(loss(at, 'in-batch', true)).toBeCloseTo(floor, 5);
  });

  it.each(['explicit-shared', 'explicit-paired'] as const)(
    'of %s is that of opposite negatives',
    (negatives) => {
      const at = { query: same(rows), positive: same(rows), negatives: same(rows * perRow, -1) };
      const { floor } = lossBounds({ temperature, negatives, symmetric: false }, contrasts[negatives]);
      expect(loss(at, negatives, false)).toBeCloseTo(floor, 5);
    },
  );

  it('of labels is that of a simplex of labels, those of the own label hidden', () => {
    const labels = [0, 0, 1, 1, 2, 2];
    const corners = simplex(3);
    const at = labels.map((label) => corners[label] as number[]);
    const mask = labels.map((own, i) => labels.map((other, j) => Number(own === other && i !== j)));
    const { chance, floor } = lossBounds(
      { temperature, negatives: 'in-batch', symmetric: true },
      { candidates: 5, groups: 3 },
    );
    expect(loss({ query: at, positive: at, mask }, 'in-batch', true)).toBeCloseTo(floor, 5);
    const one = same(6);
    expect(loss({ query: one, positive: one, mask }, 'in-batch', true)).toBeCloseTo(chance, 5);
  });

  it.each(forms)('is not undercut by any embeddings: %s', (negatives) => {
    for (const symmetric of negatives.startsWith('explicit') ? [false] : [false, true]) {
      const { floor } = lossBounds({ temperature, negatives, symmetric }, contrasts[negatives]);
      for (let seed = 0; seed < 50; seed++) {
        const draw = (count: number, kind: number): number[][] =>
          tf.randomNormal<tf.Rank.R2>([count, 4], 0, 1, 'float32', 3 * seed + kind).arraySync();
        const query = draw(rows, 0);
        // Positives near their queries, which is the better half of all embeddings.
        const positive = seed % 2 === 0 ? query : draw(rows, 1);
        const at = { query, positive, ...(explicit(negatives) && { negatives: draw(rows * perRow, 2) }) };
        expect(loss(at, negatives, symmetric)).toBeGreaterThanOrEqual(floor - 1e-6);
      }
    }
  });
});
