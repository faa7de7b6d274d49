import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchLoss } from '../../../src/engine/objective/batch-loss';
import { candidateCount } from '../../../src/engine/objective/bounds';
import { infoNce } from '../../../src/engine/objective/infonce';
import { random } from '../../../src/engine/random';
import { loadNative } from '../../../src/engine/tensorflow/native';
import type { Negatives, RunConfig } from '../../../src/protocol/run';
import { beyond } from './close';
import { type Form, type Hidden, type Inputs, type Rows, reference, slopes } from './reference';

beforeAll(async () => {
  await loadNative();
});

const names = ['query', 'positive', 'negatives'] as const;
const forms: Negatives[] = ['in-batch', 'explicit-shared', 'explicit-paired', 'both'];
const tolerance = 1e-4;

function normal(rows: number, width: number, purpose: string): Rows {
  const source = random(7, purpose);
  // Float32 numbers, so that both sides compute on the same ones.
  return Array.from({ length: rows }, () =>
    Array.from({ length: width }, () => Math.fround(source.normal())),
  );
}

function inputsOf(rows: number, perRow: number, width: number): Inputs {
  const of = (name: string, count: number): Rows => normal(count, width, `${name} ${rows} ${perRow}`);
  const pairs = { query: of('query', rows), positive: of('positive', rows) };
  return perRow === 0 ? pairs : { ...pairs, negatives: of('negatives', rows * perRow) };
}

function matrix(rows: Rows): tf.Tensor2D {
  return tf.tensor2d(rows as number[][]);
}

function maskOf(rows: number, columns: number, hidden: Hidden): tf.Tensor2D {
  return tf.tensor2d(
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, at) => Number(hidden(row, at))),
    ),
  );
}

interface Hiding {
  readonly forward: Hidden;
  readonly reverse: Hidden;
}

/** Loss and gradients of query, positive and, where there are any, negatives. */
function computed(inputs: Inputs, form: Form, hiding?: Hiding): { loss: number; grads: number[][] } {
  const parts = names.flatMap((name) => inputs[name] ?? []);
  const [rows, width] = [inputs.query.length, (inputs.query[0] as readonly number[]).length];
  const found = tf.tidy(() => {
    const masks = hiding && {
      mask: maskOf(rows, parts.length - rows, hiding.forward),
      reverseMask: maskOf(rows, rows, hiding.reverse),
    };
    const { value, grad } = tf.valueAndGrad((all: tf.Tensor) => {
      const part = (from: number, count: number) => tf.slice2d(all as tf.Tensor2D, [from, 0], [count, width]);
      const pairs = { query: part(0, rows), positive: part(rows, rows), ...masks };
      const extra = parts.length - 2 * rows;
      return infoNce(extra > 0 ? { ...pairs, negatives: part(2 * rows, extra) } : pairs, form);
    })(matrix(parts));
    return { loss: value.dataSync<'float32'>()[0] as number, slope: [...grad.dataSync<'float32'>()] };
  });
  const { loss, slope } = found;
  const cuts = [0, rows * width, 2 * rows * width, slope.length];
  return { loss, grads: names.map((_, i) => slope.slice(cuts[i], cuts[i + 1])) };
}

/** What is hidden in the tests: a candidate of row 0, two of row 1, none of the others. */
const some: Hiding = {
  forward: (row, at) => (row === 0 && at === 2) || (row === 1 && (at === 0 || at === 7)),
  reverse: (row, at) => row === 2 && at !== 2,
};

const cases = forms.flatMap((negatives) =>
  [0.5, 0.07, 0.02].flatMap((temperature) =>
    [false, true].flatMap((symmetric) =>
      [undefined, some].map((hiding) => ({ negatives, temperature, symmetric, hiding, masked: !!hiding })),
    ),
  ),
);

describe('InfoNCE against float64, row by row', () => {
  it.each(cases)('$negatives, temperature $temperature, symmetric $symmetric, masked $masked', (form) => {
    const inputs = inputsOf(4, form.negatives === 'in-batch' ? 0 : 2, 5);
    const value = (changed: Inputs): number =>
      reference(changed, form, form.hiding?.forward, form.hiding?.reverse);
    const { loss, grads } = computed(inputs, form, form.hiding);
    expect(beyond([loss], [value(inputs)], tolerance)).toEqual([]);
    const present = names.filter((name) => inputs[name] !== undefined);
    for (const [i, name] of present.entries()) {
      const expected = slopes(inputs[name] as Rows, (changed) => value({ ...inputs, [name]: changed }));
      expect(beyond(grads[i] as number[], expected, tolerance)).toEqual([]);
    }
  });

  it('ignores explicit negatives when asked for in-batch only', () => {
    const inputs = inputsOf(3, 2, 4);
    const form = { negatives: 'in-batch', temperature: 0.1, symmetric: true } as const;
    const { loss, grads } = computed(inputs, form, { forward: (_, at) => at === 4, reverse: () => false });
    expect(loss).toBeCloseTo(reference({ query: inputs.query, positive: inputs.positive }, form), 5);
    expect(grads[2]).toEqual(new Array(24).fill(0));
  });

  it.each(['explicit-shared', 'explicit-paired'] as const)('%s needs negatives', (negatives) => {
    const form = { negatives, temperature: 0.1, symmetric: false };
    expect(() => computed(inputsOf(3, 0, 4), form)).toThrow(negatives);
  });
});

const allOthers: Hidden = (row, at) => row !== at;

describe('a masked candidate', () => {
  // At 0.02 the cosines go through float64.
  it.each([0.5, 0.02])('vanishes: not a bit of it is left at temperature %d', (temperature) => {
    const inputs = inputsOf(3, 1, 6);
    const form = { negatives: 'both', temperature, symmetric: true } as const;
    const [last, ...others] = [...(inputs.negatives as Rows)].reverse();
    const elsewhere = (last as readonly number[]).map((value) => -3 * value);
    const hiding: Hiding = { forward: (_, at) => at === 5, reverse: () => false };
    const changed = { ...inputs, negatives: [...others.reverse(), elsewhere] };
    const { loss, grads } = computed(inputs, form, hiding);
    expect((grads[2] as number[]).slice(-6)).toEqual(new Array(6).fill(0));
    expect(loss).toBeCloseTo(reference({ ...inputs, negatives: others }, form), 5);
    // The row-wise maximum may be the hidden one, so that rounding differs, but no more than that.
    expect(computed(changed, form, hiding).loss).toBeCloseTo(loss, 5);
  });

  it('leaves a row whose other candidates are all hidden with no loss', () => {
    const inputs = inputsOf(4, 0, 5);
    const form = { negatives: 'in-batch', temperature: 0.05, symmetric: true } as const;
    const { loss, grads } = computed(inputs, form, { forward: allOthers, reverse: allOthers });
    expect(loss).toBe(0);
    expect(grads.flat().every((slope) => slope === 0)).toBe(true);
  });
});

describe('the loss of a batch', () => {
  it.each(forms)('takes queries, positives, negatives from the stack: %s', (negatives) => {
    const inputs = inputsOf(3, 2, 4);
    const { query, positive, negatives: explicit } = inputs as Required<Inputs>;
    const form = { negatives, temperature: 0.2, symmetric: true };
    const forward = new Float32Array(3 * 9);
    const reverse = new Float32Array(9);
    forward[1 * 9 + 2] = forward[1 * 9 + 5] = reverse[2 * 3 + 1] = 1;
    const loss = tf.tidy(
      () =>
        batchLoss(
          matrix([...query, ...positive, ...explicit]),
          3,
          { forward, reverse },
          form as RunConfig,
        ).dataSync<'float32'>()[0],
    );
    const expected = reference(
      inputs,
      form,
      (row, at) => forward[row * 9 + at] === 1,
      (row, at) => reverse[row * 3 + at] === 1,
    );
    expect(loss).toBeCloseTo(expected, 5);
  });
});

function alike(rows: number): Rows {
  return Array.from({ length: rows }, () => [1, -2, 0.5]);
}

describe('the number of candidates', () => {
  it.each(forms)('gives the loss of a model that cannot tell them apart: %s', (negatives) => {
    const inputs = { query: alike(5), positive: alike(5), negatives: alike(15) };
    const { loss } = computed(inputs, { negatives, temperature: 0.1, symmetric: false });
    expect(loss).toBeCloseTo(Math.log(candidateCount(5, 3, negatives)), 5);
  });
});
