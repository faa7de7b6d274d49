import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Items } from '../../../src/engine/data/dataset';
import { randomViews } from '../../../src/engine/model/augment';
import type { Encoder } from '../../../src/engine/model/encoder';
import { ImageEncoder } from '../../../src/engine/model/image-encoder';
import { initialWeights } from '../../../src/engine/model/initial';
import { Model } from '../../../src/engine/model/model';
import { columnScaling, VectorEncoder } from '../../../src/engine/model/vector-encoder';
import { random } from '../../../src/engine/random';
import type { NamedTensor } from '../../../src/engine/run/tensors';
import { loadNative } from '../../../src/engine/tensorflow/native';
import { Parameters } from '../../../src/engine/tensorflow/parameters';

beforeAll(async () => {
  await loadNative();
});

const none = new Int32Array(6);
const still = { rotate: 0, shift: 0, scale: 0, mirror: false, noise: 0 };
const view = (row: number) => random(1, 'view', 0, row);
const every = Int32Array.of(0, 1, 2, 3, 4, 5);

function pictures(channels: 1 | 3): Items {
  const size = 12;
  const source = random(2, 'pictures');
  const data = Uint8Array.from({ length: 6 * size * size * channels }, () => source.below(256));
  const content = Array.from({ length: 6 }, (_, i) => `${i}.png`);
  return {
    kind: 'image',
    count: 6,
    content,
    label: none,
    file: none,
    line: none,
    pixels: { data, size, channels },
  };
}

function vectors(rows: number[][]): Items {
  const data = Float32Array.from(rows.flat());
  const width = (rows[0] as number[]).length;
  const content = rows.map(() => '');
  return {
    kind: 'vector',
    count: rows.length,
    content,
    label: none,
    file: none,
    line: none,
    vectors: { data, width },
  };
}

function modelOf(encoder: Encoder, seed = 1): Model {
  return new Model(encoder, new Parameters(initialWeights(encoder.weights, seed)));
}

function image(channels: 1 | 3, blocks = [4, 6], augment = still): ImageEncoder {
  return new ImageEncoder({ kind: 'image', dimensions: 5, size: 12, channels, blocks }, augment);
}

describe('the start', () => {
  const specs = image(1).weights;

  it('is the same for one seed and another for another', () => {
    expect(initialWeights(specs, 3)).toEqual(initialWeights(specs, 3));
    const drawn = (seed: number) =>
      initialWeights(specs, seed).filter((_, i) => specs[i]?.deviation !== undefined);
    expect(drawn(3).length).toBe(3);
    for (const [i, weight] of drawn(3).entries()) expect(weight.data).not.toEqual(drawn(4)[i]?.data);
  });

  it('has the deviations that are asked for, and constants elsewhere', () => {
    const [normal, ones, zeros] = initialWeights(
      [
        { name: 'a', shape: [100, 50], deviation: 0.3 },
        { name: 'b', shape: [7], constant: 1 },
        { name: 'c', shape: [7] },
      ],
      1,
    ) as [NamedTensor, NamedTensor, NamedTensor];
    const mean = [...normal.data].reduce((sum, x) => sum + x, 0) / 5000;
    const variance = [...normal.data].reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5000;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.sqrt(variance)).toBeCloseTo(0.3, 1);
    expect([...ones.data]).toEqual(new Array(7).fill(1));
    expect([...zeros.data]).toEqual(new Array(7).fill(0));
  });
});

describe('an image model', () => {
  it.each([
    [1, [4]],
    [3, [4, 6]],
    [3, [4, 6, 8]],
  ] as const)('embeds pictures of %d channel(s) by blocks %j to length 1', async (channels, blocks) => {
    const model = modelOf(image(channels, [...blocks]));
    const embeddings = await model.embedItems(pictures(channels));
    for (let i = 0; i < 6; i++) expect(Math.hypot(...embeddings.slice(i * 5, i * 5 + 5))).toBeCloseTo(1, 5);
    // One at a time they come out the same: evaluation does not depend on the company.
    const alone = await model.embedItems(pictures(channels), Int32Array.of(4));
    for (const [c, value] of alone.entries()) expect(embeddings[20 + c]).toBeCloseTo(value, 5);
    model.dispose();
  });

  it('moves its running statistics in training only, and takes them back', async () => {
    const encoder = image(1);
    const model = modelOf(encoder);
    const inputs = await encoder.prepare(pictures(1));
    const start = encoder.constants();
    await model.embed(inputs, every);
    expect(encoder.constants()).toEqual(start);
    const batch = inputs.batch(every, view);
    const weights = model.parameters.read();
    for (let i = 0; i < 60; i++) tf.tidy(() => batch.embed(weights, true));
    batch.dispose();
    // After many batches of one kind the running statistics are the batch's: both ways of embedding agree.
    const trained = tf.tidy(() => inputs.batch(every).embed(weights, true).dataSync<'float32'>());
    const evaluated = tf.tidy(() => inputs.batch(every).embed(weights, false).dataSync<'float32'>());
    for (const [i, value] of trained.entries())
      expect(Math.abs((evaluated[i] as number) - value)).toBeLessThan(0.05);
    const moved = encoder.constants();
    expect(moved).not.toEqual(start);
    encoder.setConstants(start);
    expect(encoder.constants()).toEqual(start);
    tf.dispose(weights);
    model.dispose();
  });

  it('refuses pictures of another size', () => {
    expect(() => image(3).prepare(pictures(1))).toThrow('12x1');
  });
});

describe('a random view', () => {
  const { data, size } = pictures(1).pixels as NonNullable<Items['pixels']>;
  const draw = (augment: typeof still, epoch: number): Float32Array =>
    tf.tidy(() =>
      randomViews(
        tf.tensor4d(
          Float32Array.from(data, (x) => x / 255),
          [6, size, size, 1],
        ),
        augment,
        (row) => random(1, 'view', epoch, row),
      ).dataSync<'float32'>(),
    );
  const plain = Float32Array.from(data, (x) => x / 255);
  const pictureOf = (values: Float32Array, i: number): number[] => [
    ...values.subarray(i * size * size, (i + 1) * size * size),
  ];

  it('without any alteration is the picture', () => {
    for (const [i, value] of draw(still, 0).entries()) expect(value).toBeCloseTo(plain[i] as number, 5);
  });

  it('is a function of its coordinates, and another for every picture and step', () => {
    const all = { rotate: 0.3, shift: 0.1, scale: 0.1, mirror: true, noise: 0.1 };
    expect(draw(all, 1)).toEqual(draw(all, 1));
    for (let i = 0; i < 6; i++) expect(pictureOf(draw(all, 1), i)).not.toEqual(pictureOf(draw(all, 2), i));
  });

  const turned = (i: number): number[] =>
    Array.from({ length: size * size }, (_, at) => {
      const [y, x] = [Math.floor(at / size), at % size];
      return plain[i * size * size + y * size + (size - 1 - x)] as number;
    });

  it('mirrors about half of the pictures, exactly', () => {
    let mirrored = 0;
    for (let step = 0; step < 10; step++) {
      const views = draw({ ...still, mirror: true }, step);
      for (let i = 0; i < 6; i++) {
        const same = (wanted: number[]): boolean =>
          pictureOf(views, i).every((value, at) => Math.abs(value - (wanted[at] as number)) < 1e-4);
        expect(same(turned(i)) || same(pictureOf(plain, i))).toBe(true);
        mirrored += Number(same(turned(i)));
      }
    }
    expect(mirrored).toBeGreaterThan(15);
    expect(mirrored).toBeLessThan(45);
  });

  it('adds noise of the deviation asked for', () => {
    const noise = draw({ ...still, noise: 0.2 }, 0).map((value, i) => value - (plain[i] as number));
    const variance = noise.reduce((sum, x) => sum + x * x, 0) / noise.length;
    expect(Math.sqrt(variance)).toBeCloseTo(0.2, 1);
  });
});

describe('a vector model', () => {
  const rows = [
    [1, 1e6, 5],
    [2, 1e6 + 1, 5],
    [3, 1e6 + 2, 5],
    [100, 0, 7],
  ];

  it('scales columns by the training rows alone, and leaves constant ones centred', () => {
    const { mean, deviation } = columnScaling(Float32Array.from(rows.flat()), 3, Int32Array.of(0, 1, 2));
    expect([...mean]).toEqual([2, 1e6 + 1, 5]);
    const expected = Math.fround(Math.sqrt(2 / 3));
    expect([...deviation]).toEqual([expected, expected, 1]);
  });

  it('is the layers by hand', async () => {
    const data = Float32Array.from(rows.flat());
    const scaling = columnScaling(data, 3, Int32Array.of(0, 1, 2));
    const encoder = new VectorEncoder({ kind: 'vector', dimensions: 2, width: 3, hidden: [4] }, scaling, 0);
    const start = initialWeights(encoder.weights, 9).map(({ name, shape, data }, i) => ({
      name,
      shape,
      data: (data as Float32Array).map((value, at) => value + (i % 2 === 1 ? 0.1 * (at + 1) : 0)),
    }));
    const model = new Model(encoder, new Parameters(start));
    const embeddings = await model.embedItems(vectors(rows));
    const dense = (x: number[], layer: number): number[] => {
      const [kernel, bias] = [start[2 * layer], start[2 * layer + 1]] as [NamedTensor, NamedTensor];
      const out = bias.data.length;
      return [...bias.data].map((b, o) =>
        x.reduce((sum, value, i) => sum + value * (kernel.data[i * out + o] as number), b),
      );
    };
    for (const [i, row] of rows.entries()) {
      const scaled = row.map((x, c) => (x - (scaling.mean[c] as number)) / (scaling.deviation[c] as number));
      const [a, b] = dense(
        dense(scaled, 0).map((x) => Math.max(0, x)),
        1,
      ) as [number, number];
      const length = Math.hypot(a, b);
      expect(embeddings[2 * i]).toBeCloseTo(a / length, 4);
      expect(embeddings[2 * i + 1]).toBeCloseTo(b / length, 4);
    }
    model.dispose();
  });

  it('has noisy views, but only where a view is asked for', async () => {
    const scaling = { mean: new Float32Array(3), deviation: new Float32Array(3).fill(1) };
    const encoder = new VectorEncoder({ kind: 'vector', dimensions: 2, width: 3, hidden: [] }, scaling, 0.5);
    const model = modelOf(encoder);
    const inputs = await encoder.prepare(vectors(rows));
    const embed = (source?: typeof view): number[] =>
      tf.tidy(() => {
        const weights = model.parameters.read();
        return [...inputs.batch(Int32Array.of(0, 0), source).embed(weights, true).dataSync<'float32'>()];
      });
    const plain = embed();
    expect(plain.slice(0, 2)).toEqual(plain.slice(2));
    const noisy = embed(view);
    expect(noisy).toEqual(embed(view));
    expect(noisy.slice(0, 2)).not.toEqual(noisy.slice(2));
    model.dispose();
  });
});
