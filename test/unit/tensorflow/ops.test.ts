import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadNative, locateNative, type Native, nativeHandles } from '../../../src/engine/tensorflow/native';
import { affine, l2Normalise, maxPool, relu, softmaxCrossEntropy } from '../../../src/engine/tensorflow/ops';
import { type Outcome, opCases } from './op-cases';

const portable = new Map<string, Outcome | Error>();

beforeAll(async () => {
  // Until native TensorFlow is loaded the portable side of each op serves: its outcomes come first.
  tf.enableProdMode();
  await import('@tensorflow/tfjs-node/dist/register_all_kernels.js');
  await tf.setBackend('cpu');
  if (nativeHandles()) throw new Error('native TensorFlow is loaded already');
  for (const [name, run] of Object.entries(opCases)) portable.set(name, outcomeOf(run));
  await loadNative();
});

function outcomeOf(run: () => Outcome): Outcome | Error {
  try {
    return tf.tidy(run);
  } catch (error) {
    return error as Error;
  }
}

/** Relative to the largest number of the same outcome: float32 sums are as exact as their largest term. */
function distance(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) return Number.NaN;
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  // A NaN must not be lost in a maximum.
  return actual.reduce((worst, value, i) => {
    const error = Math.abs(value - (expected[i] as number)) / scale;
    return error <= worst ? worst : error;
  }, 0);
}

describe.skipIf(locateNative().status !== 'found')('a fused op', () => {
  it.each(Object.keys(opCases))('equals the portable one: %s', (name) => {
    const run = opCases[name] as () => Outcome;
    const expected = portable.get(name) as Outcome | Error;
    if (expected instanceof Error) throw expected;
    const actual = tf.tidy(run);
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [part, values] of Object.entries(expected))
      expect(distance(actual[part] as number[], values)).toBeLessThan(1e-5);
  });

  it.each(Object.keys(opCases))('leaves no tensor behind: %s', (name) => {
    const { binding } = nativeHandles() as Native;
    const run = opCases[name] as () => Outcome;
    // The first run may fill caches of tfjs.
    tf.tidy(run);
    const before = [tf.memory().numTensors, binding.getNumOfTensors()];
    for (let i = 0; i < 3; i++) tf.tidy(run);
    expect([tf.memory().numTensors, binding.getNumOfTensors()]).toEqual(before);
  });
});

/** What a picture of two rows, 1 2 3 and 4 5 6, becomes. */
function read(transform: number[]): number[] {
  return tf.tidy(() => {
    const picture = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
    return [...affine(picture, tf.tensor2d([[...transform, 0, 0]])).dataSync()];
  });
}

describe('an op, by hand', () => {
  it('relu has slope 0 at 0', () => {
    const slope = tf.tidy(() => [
      ...tf
        .grad((x) => tf.sum(relu(x)))(tf.tensor1d([-1, 0, 2]))
        .dataSync(),
    ]);
    expect(slope).toEqual([0, 0, 1]);
  });

  it('maxPool leaves out what does not fill a window', () => {
    const pooled = tf.tidy(() => [
      ...maxPool(tf.tensor4d([1, 2, 9, 4, 3, 9, 9, 9, 9], [1, 3, 3, 1]), 2).dataSync(),
    ]);
    expect(pooled).toEqual([4]);
  });

  it('softmaxCrossEntropy is -ln of the share of the own class', () => {
    const loss = tf.tidy(() => [
      ...softmaxCrossEntropy(
        tf.tensor2d([0, 0, Math.log(2), 1e4, 0, 0], [2, 3]),
        tf.tensor1d([2, 0], 'int32'),
      ).dataSync(),
    ]);
    expect(loss[0]).toBeCloseTo(Math.log(2), 6);
    expect(loss[1]).toBe(0);
  });

  it('l2Normalise keeps zero rows and divides short ones by 1e-12', () => {
    const x = [
      [0, 0],
      [3, -4],
      [3e-13, 4e-13],
    ];
    const { value, slope } = tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((t: tf.Tensor) => tf.sum(tf.mul(l2Normalise(t), [1, 2])))(
        tf.tensor2d(x),
      );
      return { value: value.dataSync<'float32'>()[0], slope: [...grad.dataSync<'float32'>()] };
    });
    expect(value).toBeCloseTo(0.6 - 1.6 + 0.3 + 0.8, 5);
    // torch.nn.functional.normalize has these gradients too.
    const expected = [1e12, 2e12, (1 + 0.6) / 5, (2 - 0.8) / 5, 1e12, 2e12];
    for (const [i, want] of expected.entries()) expect((slope[i] as number) / want).toBeCloseTo(1, 5);
  });

  it('affine moves pixels as it says, the edge repeats', () => {
    expect(read([1, 0, 0, 0, 1, 0])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(read([1, 0, 1, 0, 1, 0])).toEqual([2, 3, 3, 5, 6, 6]);
    expect(read([1, 0, 0, 0, 1, -1])).toEqual([1, 2, 3, 1, 2, 3]);
    expect(read([-1, 0, 2, 0, 1, 0])).toEqual([3, 2, 1, 6, 5, 4]);
    expect(read([1, 0, 0.5, 0, 1, 0])).toEqual([1.5, 2.5, 3, 4.5, 5.5, 6]);
  });
});
