import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Items } from '../../../src/engine/data/dataset';
import { IdEncoder, TextEncoder } from '../../../src/engine/model/bag-encoder';
import { initialWeights } from '../../../src/engine/model/initial';
import { Model } from '../../../src/engine/model/model';
import { inverseDocumentFrequency, selectRows, tokenBags } from '../../../src/engine/model/text/bags';
import { trainBpe } from '../../../src/engine/model/text/train-bpe';
import type { NamedTensor } from '../../../src/engine/run/tensors';
import { loadNative } from '../../../src/engine/tensorflow/native';
import { Parameters } from '../../../src/engine/tensorflow/parameters';

beforeAll(async () => {
  await loadNative();
});

function items(content: string[], more: Partial<Items> = {}): Items {
  const none = new Int32Array(content.length);
  return { kind: 'text', count: content.length, content, label: none, file: none, line: none, ...more };
}

// With 256 tokens there are no merges: every token is a byte, and counts can be told by eye.
const letters = await trainBpe(['abc'], 256);
const idOf = new Map(
  Object.entries((JSON.parse(letters) as { model: { vocab: Record<string, number> } }).model.vocab),
);
const texts = ['aaaab', 'bcc', '', 'a'];

/** Column -> weight of one row, by letter; every text begins with a space. */
function row(bags: Awaited<ReturnType<typeof tokenBags>>, at: number): Record<string, number> {
  const names = new Map([...idOf].map(([token, id]) => [id, token === 'Ġ' ? 'space' : token]));
  const range = [bags.offsets[at], bags.offsets[at + 1]] as const;
  const weights = bags.weights.slice(...range);
  return Object.fromEntries(
    Array.from(bags.columns.subarray(...range), (id, i) => [names.get(id), weights[i]]),
  );
}

describe('a bag of tokens', async () => {
  const bags = await tokenBags(texts, letters, idOf.size);

  it('holds the square roots of the counts', () => {
    expect(row(bags, 0)).toEqual({ space: 1, a: 2, b: 1 });
    expect(row(bags, 1)).toEqual({ space: 1, b: 1, c: Math.fround(Math.SQRT2) });
    expect(row(bags, 2)).toEqual({});
    expect(row(bags, 3)).toEqual({ space: 1, a: 1 });
  });

  it('has an idf as scikit-learn smooths it, from the given rows only', () => {
    const idf = inverseDocumentFrequency(bags, Int32Array.of(0, 1, 2));
    const of = (token: string): number => idf[idOf.get(token) as number] as number;
    expect(of('a')).toBeCloseTo(Math.log(4 / 2) + 1, 6);
    expect(of('b')).toBeCloseTo(Math.log(4 / 3) + 1, 6);
    expect(of('z')).toBeCloseTo(Math.log(4 / 1) + 1, 6);
  });

  it('can be selected, repeated and scaled', () => {
    const scale = new Float32Array(idOf.size).fill(10);
    const some = selectRows(bags, Int32Array.of(3, 2, 0, 3), scale);
    expect(some).toMatchObject({ rows: 4, columns: idOf.size });
    expect([...some.row]).toEqual([0, 0, 2, 2, 2, 3, 3]);
    expect([...some.weight].sort((a, b) => a - b)).toEqual([10, 10, 10, 10, 10, 10, 20]);
  });

  it('is the same in pieces as in one', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => `${'ab'.repeat(i % 7)}${i}`);
    const whole = await tokenBags(many, letters, idOf.size);
    for (const at of [0, 2047, 2048, 4999])
      expect(row(whole, at)).toEqual(row(await tokenBags([many[at] as string], letters, idOf.size), 0));
  });
});

/** Table of a text model whose row `r` is (r + 1, r * r, 1). */
function table(rows: number): NamedTensor {
  const data = Float32Array.from({ length: rows * 3 }, (_, i) => {
    const r = Math.floor(i / 3);
    return [r + 1, r * r, 1][i % 3] as number;
  });
  return { name: 'table', shape: [rows, 3], data };
}

function unit(vector: number[]): number[] {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

describe('an embedding of a text', () => {
  it.each(['rows', 'pooling'] as const)('is the weighted sum of its tokens, idf in the %s', async (idf) => {
    const weights = Float32Array.from({ length: 256 }, (_, id) => 1 + (id % 5) / 2);
    const encoder = new TextEncoder(
      { kind: 'text', dimensions: 3, vocabularySize: 256, idf, dense: 0 },
      letters,
      weights,
    );
    const model = new Model(encoder, new Parameters([table(256)]));
    const embeddings = await model.embedItems(items(texts));
    for (const [i, bag] of [
      { Ġ: 1, a: 2, b: 1 },
      { Ġ: 1, b: 1, c: Math.SQRT2 },
      {},
      { Ġ: 1, a: 1 },
    ].entries()) {
      const sum = [0, 0, 0];
      for (const [token, weight] of Object.entries(bag)) {
        const id = idOf.get(token) as number;
        const scaled = weight * (idf === 'pooling' ? (weights[id] as number) : 1);
        for (const c of sum.keys())
          sum[c] = (sum[c] as number) + scaled * (table(256).data[id * 3 + c] as number);
      }
      for (const [c, value] of unit(sum).entries()) expect(embeddings[i * 3 + c]).toBeCloseTo(value, 5);
    }
    model.dispose();
  });

  it('starts with rows that are longer the rarer their token, where idf is in the rows', () => {
    const idf = Float32Array.from({ length: 256 }, (_, id) => (id < 128 ? 1 : 4));
    const encoder = new TextEncoder(
      { kind: 'text', dimensions: 64, vocabularySize: 256, idf: 'rows', dense: 0 },
      letters,
      idf,
    );
    const [start] = initialWeights(encoder.weights, 1) as [NamedTensor];
    const length = (from: number): number =>
      Math.hypot(...start.data.subarray(from * 64, (from + 128) * 64)) / Math.sqrt(128);
    expect(length(0)).toBeCloseTo(1, 1);
    expect(length(128) / length(0)).toBeCloseTo(4, 0);
  });
});

describe('an embedding of an id', () => {
  it('is its row; a user is no item; what was not trained on is zero', async () => {
    const encoder = new IdEncoder({
      kind: 'id',
      dimensions: 3,
      users: ['7', 'x'],
      items: ['7', '__proto__'],
    });
    const model = new Model(encoder, new Parameters([table(4)]));
    const asked = items(['7', '7', '__proto__', 'x', 'never seen', 'x'], {
      kind: 'id',
      side: Uint8Array.of(0, 1, 1, 0, 1, 1),
    });
    const embeddings = await model.embedItems(asked);
    const rows = [0, 2, 3, 1].map((r) => unit([r + 1, r * r, 1]));
    for (const [i, expected] of [...rows, [0, 0, 0], [0, 0, 0]].entries())
      for (const [c, value] of expected.entries()) expect(embeddings[i * 3 + c]).toBeCloseTo(value, 6);
    expect(await model.embedItems(asked, Int32Array.of(4, 4))).toEqual(new Float32Array(6));
    model.dispose();
    expect(tf.memory().numTensors).toBe(0);
  });
});
