import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { infoNce } from '../../src/engine/objective/infonce';
import { loadNative } from '../../src/engine/tensorflow/native';
import { beyond } from '../unit/objective/close';

/**
 * Losses and gradients against PyTorch in float64 (test/reference/make_objectives.py writes the committed file).
 * INFONCE_REFERENCE names any other file of the same shape.
 */
const files = [
  join(import.meta.dirname, '../fixtures/objectives.json'),
  join(import.meta.dirname, '../../../shared/reference/objectives.json'),
  ...(process.env.INFONCE_REFERENCE ? [process.env.INFONCE_REFERENCE] : []),
];

interface Case {
  readonly name: string;
  readonly objective: string;
  readonly temperature: number;
  readonly symmetric: boolean;
  readonly inputs: Readonly<Record<'query' | 'positive' | 'negatives', number[][]>>;
  readonly loss: number;
  readonly grad: Readonly<Record<string, number[][]>>;
}

const tolerance = 1e-5;

beforeAll(async () => {
  await loadNative();
});

for (const file of files) {
  // A file that was asked for by name must be there.
  const present = file === process.env.INFONCE_REFERENCE || existsSync(file);
  const cases = present ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases : [];
  describe.skipIf(!present)(`InfoNCE equals PyTorch, ${file.split('/').slice(-2).join('/')}`, () => {
    it('holds InfoNCE cases', () => {
      expect(cases.some((one) => one.objective === 'infonce')).toBe(true);
    });
    it.each(cases.filter((one) => one.objective === 'infonce'))('$name', (one) => {
      const names = (['query', 'positive', 'negatives'] as const).filter((name) => name in one.inputs);
      const inputs = names.map((name) => tf.tensor2d(one.inputs[name]));
      const { value, grads } = tf.valueAndGrads((...tensors) => {
        const [query, positive, negatives] = tensors as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D?];
        return infoNce(negatives ? { query, positive, negatives } : { query, positive }, {
          temperature: one.temperature,
          symmetric: one.symmetric,
          negatives: negatives ? 'both' : 'in-batch',
        });
      })(inputs);
      expect(beyond([value.dataSync()[0] as number], [one.loss], tolerance)).toEqual([]);
      for (const [i, name] of names.entries()) {
        const gradient = (grads[i] as tf.Tensor).dataSync();
        expect({ name, beyond: beyond(gradient, (one.grad[name] as number[][]).flat(), tolerance) }).toEqual({
          name,
          beyond: [],
        });
      }
    });
  });
}
