import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../../src/engine/random';
import type { NamedTensor } from '../../../src/engine/run/tensors';
import { loadNative, locateNative, type Native, nativeHandles } from '../../../src/engine/tensorflow/native';
import { Parameters } from '../../../src/engine/tensorflow/parameters';
import { beyond } from '../objective/close';

const shapes = [
  ['table', [7, 3]],
  ['kernel', [3, 3, 2, 2]],
  ['bias', [5]],
] as const;

function tensors(purpose: string, scale = 1): NamedTensor[] {
  return shapes.map(([name, shape]) => {
    const source = random(3, `${purpose}/${name}`);
    const size = shape.reduce((a: number, b) => a * b, 1);
    return { name, shape, data: Float32Array.from({ length: size }, () => scale * source.normal()) };
  });
}

/** Gradients of a step: of very different sizes, and zero for some numbers, as rows that a batch does not touch are. */
function gradientsOf(step: number): NamedTensor[] {
  return tensors(`gradient ${step}`, 10 ** ((step % 5) - 3)).map(({ name, shape, data }) => ({
    name,
    shape,
    data: (data as Float32Array).map((value, i) => ((i + step) % 4 === 0 ? 0 : value)),
  }));
}

const schedule = (step: number) => ({ step, learningRate: 0.01 * step, weightDecay: 0.1 });

function advance(parameters: Parameters, from: number, to: number): void {
  for (let step = from; step <= to; step++) {
    const gradients = gradientsOf(step).map(({ data, shape }) => tf.tensor(data, [...shape]));
    parameters.adam(gradients, schedule(step));
    tf.dispose(gradients);
  }
}

/** AdamW in float64; the epsilon stands beside the uncorrected root, as in TensorFlow's kernel. */
function expected(steps: number): Float64Array[] {
  return tensors('start').map(({ data, shape }, at) => {
    const weight = Float64Array.from(data);
    const [m, v] = [new Float64Array(data.length), new Float64Array(data.length)];
    for (let step = 1; step <= steps; step++) {
      const { learningRate, weightDecay } = schedule(step);
      const gradient = (gradientsOf(step)[at] as NamedTensor).data;
      const rate = (learningRate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
      for (const [i, g] of gradient.entries()) {
        if (shape.length > 1) weight[i] = (weight[i] as number) * (1 - learningRate * weightDecay);
        m[i] = 0.9 * (m[i] as number) + 0.1 * g;
        v[i] = 0.999 * (v[i] as number) + 0.001 * g * g;
        weight[i] = (weight[i] as number) - (rate * m[i]) / (Math.sqrt(v[i]) + 1e-8);
      }
    }
    return weight;
  });
}

const bytes = (all: readonly NamedTensor[]): unknown[] =>
  all.map(({ name, shape, data }) => [name, [...shape], Buffer.from(data.buffer).toString('hex')]);

function count(): number[] {
  return [tf.memory().numTensors, nativeHandles()?.binding.getNumOfTensors() ?? 0];
}

function behaviour(): void {
  it('takes ten steps as AdamW does in float64', () => {
    const parameters = new Parameters(tensors('start'));
    advance(parameters, 1, 10);
    for (const [i, { data }] of parameters.weights().entries())
      expect(beyond(data, [...(expected(10)[i] as Float64Array)], 1e-5)).toEqual([]);
    parameters.dispose();
  });

  it('decays matrices and kernels, not vectors', () => {
    const parameters = new Parameters(tensors('start'));
    const still = shapes.map(([, shape]) => tf.zeros([...shape]));
    parameters.adam(still, { step: 1, learningRate: 0.5, weightDecay: 0.1 });
    tf.dispose(still);
    for (const [i, { data, shape }] of parameters.weights().entries())
      for (const [at, start] of ((tensors('start')[i] as NamedTensor).data as Float32Array).entries())
        expect(data[at]).toBeCloseTo(shape.length > 1 ? 0.95 * start : start, 6);
    parameters.dispose();
  });

  it('continues to the bit from its weights and moments', () => {
    const whole = new Parameters(tensors('start'));
    advance(whole, 1, 10);
    const first = new Parameters(tensors('start'));
    advance(first, 1, 4);
    const second = new Parameters(first.weights(), first.moments());
    first.dispose();
    advance(second, 5, 10);
    expect(bytes(second.weights())).toEqual(bytes(whole.weights()));
    expect(bytes(second.moments())).toEqual(bytes(whole.moments()));
    whole.dispose();
    second.dispose();
  });

  it('hands out weights that later updates do not change, and copies that are its own', () => {
    const start = tensors('start');
    const parameters = new Parameters(start);
    const held = parameters.read();
    const copies = parameters.weights();
    advance(parameters, 1, 3);
    for (const [i, { data }] of tensors('start').entries()) {
      expect([...(held[i] as tf.Tensor).dataSync()]).toEqual([...data]);
      expect([...(copies[i] as NamedTensor).data]).toEqual([...data]);
      expect([...(start[i] as NamedTensor).data]).toEqual([...data]);
    }
    tf.dispose(held);
    parameters.dispose();
  });

  it('names and counts what it holds', () => {
    const parameters = new Parameters(tensors('start'));
    expect(parameters.names).toEqual(['table', 'kernel', 'bias']);
    expect(parameters.count).toBe(21 + 36 + 5);
    expect(parameters.moments().map(({ name }) => name)).toEqual(
      shapes.flatMap(([name]) => [`adam.m/${name}`, `adam.v/${name}`]),
    );
    parameters.dispose();
  });

  it('refuses weights that are no float32', () => {
    const whole = { name: 'ids', shape: [2], data: Int32Array.of(1, 2) };
    expect(() => new Parameters([whole])).toThrow('ids');
  });

  it('leaves no tensor behind in 200 updates, nor when disposed', () => {
    const before = count();
    const parameters = new Parameters(tensors('start'));
    advance(parameters, 1, 2);
    const during = count();
    advance(parameters, 3, 202);
    tf.dispose(parameters.read());
    parameters.weights();
    parameters.moments();
    expect(count()).toEqual(during);
    parameters.dispose();
    expect(count()).toEqual(before);
  });
}

// Native TensorFlow, once loaded, stays: the JavaScript backend has its turn first.
describe('parameters on the JavaScript backend', () => {
  beforeAll(async () => {
    tf.enableProdMode();
    await import('@tensorflow/tfjs-node/dist/register_all_kernels.js');
    await tf.setBackend('cpu');
  });
  behaviour();
});

describe.skipIf(locateNative().status !== 'found')('parameters on native TensorFlow', () => {
  beforeAll(async () => {
    await loadNative();
  });
  behaviour();

  it('are apart from each other, whatever their names', () => {
    const [one, two] = [new Parameters(tensors('start')), new Parameters(tensors('start'))];
    advance(one, 1, 3);
    expect(bytes(two.weights())).toEqual(bytes(tensors('start')));
    one.dispose();
    expect(bytes(two.weights())).toEqual(bytes(tensors('start')));
    two.dispose();
  });

  it('leave nothing to native TensorFlow in the end', () => {
    expect((nativeHandles() as Native).binding.getNumOfTensors()).toBe(0);
  });
});
