import * as tf from '@tensorflow/tfjs-core';
import { cosineCrossEntropy } from '../../../src/engine/objective/cosine-cross-entropy';
import { random } from '../../../src/engine/random';
import {
  affine,
  batchNorm,
  fixedNorm,
  l2Normalise,
  maxPool,
  relu,
  softmaxCrossEntropy,
} from '../../../src/engine/tensorflow/ops';
import { sparseMatrix } from '../../../src/engine/tensorflow/sparse';

/** What a case yields: values, then gradients, each flat. */
export type Outcome = Record<string, number[]>;

/** Normal numbers, the same on every backend; some exactly zero, since that is where ops differ. */
function normal(shape: number[], purpose: string, zeros = 0): tf.Tensor {
  const source = random(11, purpose);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => (source.next() < zeros ? 0 : source.normal())),
    shape,
  );
}

/** Value of `op`, and its gradients with an upstream gradient that is different everywhere. */
function differentiate(op: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]): Outcome {
  const value = op(...inputs);
  const upstream = normal(value.shape, 'upstream');
  const grads = tf.grads((...all) => tf.sum(tf.mul(op(...all), upstream)))(inputs);
  return Object.fromEntries<number[]>([
    ['value', flat(value)],
    ...grads.map((grad, i) => [`gradient ${i}`, flat(grad)] as const),
  ]);
}

function flat(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync<'float32'>()];
}

const images = [3, 6, 5, 2];

function norm(shape: number[]): Outcome {
  const statistics: number[] = [];
  const channels = shape[3] as number;
  const outcome = differentiate(
    (x, scale, offset) =>
      batchNorm(x as tf.Tensor4D, scale as tf.Tensor1D, offset as tf.Tensor1D, (mean, variance) =>
        statistics.push(...mean, ...variance),
      ),
    [tf.add(tf.mul(normal(shape, 'x'), 3), 5), normal([channels], 'scale'), normal([channels], 'offset')],
  );
  return { ...outcome, statistics };
}

function shifted(a: number, b: number, c: number, d: number, e: number, f: number): Outcome {
  const x = normal([2, 4, 5, 3], 'x') as tf.Tensor4D;
  const transform = [a, b, c, d, e, f, 0, 0];
  return { value: flat(affine(x, tf.tensor2d([transform, transform]))) };
}

function sparse(rows: readonly (readonly number[])[], columns: number): Outcome {
  const entries = rows.flatMap((row, r) => row.map((column, i) => [r, column, 0.5 + i] as const));
  const matrix = sparseMatrix({
    rows: rows.length,
    columns,
    row: Int32Array.from(entries, ([row]) => row),
    column: Int32Array.from(entries, ([, column]) => column),
    weight: Float32Array.from(entries, ([, , weight]) => weight),
  });
  const outcome = differentiate(
    (table) => matrix.multiply(table as tf.Tensor2D),
    [normal([columns, 3], 'table')],
  );
  matrix.dispose();
  return outcome;
}

function maskOf(rows: number, columns: number): tf.Tensor2D {
  const hidden = tf.cast(tf.less(normal([rows, columns], 'mask'), -0.5), 'float32');
  return tf.mul(hidden, tf.sub(1, tf.eye(rows, columns)));
}

function cosine(temperature: number, { scale = 1, masked = false, symmetric = false } = {}): Outcome {
  const masks = masked ? { mask: maskOf(5, 7), reverseMask: maskOf(5, 5) } : {};
  return differentiate(
    (query, keys) =>
      cosineCrossEntropy(query as tf.Tensor2D, keys as tf.Tensor2D, { temperature, symmetric, ...masks }),
    [tf.mul(normal([5, 9], 'queries'), scale), normal([7, 9], 'keys')],
  );
}

/** Everything that has a fused kernel, at its edges too. */
export const opCases: Readonly<Record<string, () => Outcome>> = {
  'relu, zeros among the values': () => differentiate(relu, [normal([4, 50], 'x', 0.3)]),
  'relu of a feature map': () => differentiate(relu, [normal(images, 'x')]),
  'maxPool, sides that do not divide': () =>
    differentiate((x) => maxPool(x as tf.Tensor4D, 2), [normal(images, 'x')]),
  'maxPool over 3': () => differentiate((x) => maxPool(x as tf.Tensor4D, 3), [normal(images, 'x')]),
  'batchNorm of a large map': () => norm([16, 12, 12, 3]),
  'batchNorm of a small map': () => norm([2, 2, 2, 3]),
  fixedNorm: () =>
    differentiate(
      (x, scale, offset) =>
        fixedNorm(
          x as tf.Tensor4D,
          scale as tf.Tensor1D,
          offset as tf.Tensor1D,
          tf.tensor1d([0.5, -1]),
          tf.tensor1d([2, 0]),
        ),
      [normal(images, 'x'), normal([2], 'scale'), normal([2], 'offset')],
    ),
  softmaxCrossEntropy: () =>
    differentiate(
      (x) => softmaxCrossEntropy(tf.mul<tf.Tensor2D>(x, 8), tf.tensor1d([0, 5, 2, 2], 'int32')),
      [normal([4, 6], 'x')],
    ),
  'softmaxCrossEntropy, hidden and huge logits': () =>
    differentiate(
      (x) =>
        softmaxCrossEntropy(
          tf.add<tf.Tensor2D>(x, tf.tensor2d([0, -1e9, 0, 700, -1e9, 0, 0, 1e4, -1e9], [3, 3])),
          tf.tensor1d([0, 0, 1], 'int32'),
        ),
      [normal([3, 3], 'x')],
    ),
  'softmaxCrossEntropy of one class': () =>
    differentiate(
      (x) => softmaxCrossEntropy(x as tf.Tensor2D, tf.tensor1d([0, 0], 'int32')),
      [normal([2, 1], 'x')],
    ),
  'l2Normalise, any length': () =>
    differentiate(l2Normalise, [tf.mul(normal([4, 6], 'x'), tf.tensor2d([1, 1e4, 1e-3, 30], [4, 1]))]),
  // Below 0.03, and for rows shorter than 0.01, native TensorFlow computes these in float64.
  'cosineCrossEntropy in float32': () => cosine(0.03),
  'cosineCrossEntropy in float32, masked': () => cosine(0.1, { masked: true }),
  'cosineCrossEntropy in float32, both ways, masked': () => cosine(0.1, { masked: true, symmetric: true }),
  'cosineCrossEntropy in float64': () => cosine(0.0299),
  'cosineCrossEntropy in float64, both ways, masked': () => cosine(0.02, { masked: true, symmetric: true }),
  'cosineCrossEntropy in float64, masked': () => cosine(0.01, { masked: true }),
  'cosineCrossEntropy of short rows': () => cosine(0.5, { scale: 1e-4 }),
  'cosineCrossEntropy of zero rows': () => cosine(0.5, { scale: 0 }),
  'sparse x dense': () => sparse([[0, 3, 5], [], [3], [9, 0]], 10),
  'sparse x dense, a column twice in a row': () => sparse([[1, 1, 2], [2]], 4),
  'sparse x dense without any entry': () => sparse([[], []], 4),
  'affine: identity': () => shifted(1, 0, 0, 0, 1, 0),
  'affine: one pixel to the left': () => shifted(1, 0, 1, 0, 1, 0),
  'affine: two pixels down': () => shifted(1, 0, 0, 0, 1, -2),
  'affine: mirrored': () => shifted(-1, 0, 4, 0, 1, 0),
  'affine: turned, with a fraction of a pixel': () => shifted(0.9, 0.3, -0.4, -0.3, 0.9, 0.7),
  'affine: all of it beyond the border': () => shifted(1, 0, 50, 0, 1, -50),
};
