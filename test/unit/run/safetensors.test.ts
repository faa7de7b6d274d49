import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeSafetensors, readSafetensors, writeSafetensors } from '../../../src/engine/run/safetensors';
import { duplicateKey } from '../../../src/engine/run/safetensors-header';
import type { NamedTensor } from '../../../src/engine/run/tensors';
import { refusal, temporaryFolder } from './support';

const fixture = path.join(import.meta.dirname, '../../fixtures/safetensors/reference.safetensors');

/** A file with any header text, its length given or true. */
function rawFile(header: string, data: number[] = [], claimed?: bigint): Buffer {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(json.length));
  return Buffer.concat([length, json, Buffer.from(data)]);
}

function byName(tensors: readonly NamedTensor[]): Map<string, NamedTensor> {
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

test('a file of the Python library is read, tensor by tensor', async () => {
  const { tensors, metadata } = await readSafetensors(fixture);
  expect([...metadata]).toEqual([['note', 'größe \u2028 \u{1F600}']]);
  expect(byName(tensors)).toEqual(
    byName([
      { name: 'empty', shape: [0, 4], data: new Float32Array() },
      { name: 'scalar', shape: [], data: Float32Array.of(1.5) },
      { name: 'weights', shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
      { name: 'counts', shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) },
      { name: 'mask', shape: [3], data: Uint8Array.of(0, 255, 7) },
    ]),
  );
});

test('writing what the Python library wrote gives its bytes back', async () => {
  const { tensors, metadata } = await readSafetensors(fixture);
  const written = Buffer.concat(encodeSafetensors(tensors, Object.fromEntries(metadata)));
  expect(written.equals(await readFile(fixture))).toBe(true);
});

const tensor = fc.record({
  shape: fc.array(fc.nat(4), { maxLength: 3 }),
  make: fc.constantFrom(
    (n: number, seed: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(seed + i)),
    (n: number, seed: number) => Int32Array.from({ length: n }, (_, i) => seed - i),
    (n: number, seed: number) => Uint8Array.from({ length: n }, (_, i) => seed * i),
  ),
  seed: fc.integer(),
});
const name = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'a"b', '', 'a/b', '\u2028'),
  fc.string({ unit: 'grapheme' }),
);

test('any tensors and metadata survive the round trip', async () => {
  const file = path.join(await temporaryFolder(), 'any.safetensors');
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 6 }),
      fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
      fc.boolean(),
      async (named, metadata, checksum) => {
        const tensors = named
          .filter(([key]) => key !== '__metadata__')
          .map(([key, { shape, make, seed }]) => ({
            name: key,
            shape,
            data: make(
              shape.reduce((product, size) => product * size, 1),
              seed,
            ),
          }));
        await writeSafetensors(file, tensors, metadata, { checksum });
        const read = await readSafetensors(file);
        expect(byName(read.tensors)).toEqual(byName(tensors));
        expect(read.metadata).toEqual(new Map(Object.entries(metadata)));
      },
    ),
    { numRuns: 60 },
  );
});

test('a file cut at any byte is refused, and so is one with a byte too many', async () => {
  const whole = await readFile(fixture);
  const file = path.join(await temporaryFolder(), 'cut.safetensors');
  await writeFile(file, Buffer.concat([whole, Buffer.alloc(1)]));
  expect((await refusal(readSafetensors(file))).code).toBe('damaged-tensors');
  await writeFile(file, whole);
  for (let size = whole.length - 1; size >= 0; size--) {
    await truncate(file, size);
    expect((await refusal(readSafetensors(file))).message).toContain(file);
  }
});

test('with a checksum no changed byte passes', async () => {
  const file = path.join(await temporaryFolder(), 'flipped.safetensors');
  const tensors = [{ name: 'w', shape: [2], data: Float32Array.of(1, 2) }];
  const whole = Buffer.concat(encodeSafetensors(tensors, { step: '12' }, { checksum: true }));
  const spaces = whole.length - 8 - whole.subarray(0, -8).toString('latin1').trimEnd().length;
  for (let i = 0; i < whole.length; i++) {
    // The padding of the header means nothing.
    if (i >= whole.length - 8 - spaces && i < whole.length - 8) continue;
    const flipped = Buffer.from(whole);
    flipped[i] = (flipped[i] as number) ^ 1;
    await writeFile(file, flipped);
    expect((await refusal(readSafetensors(file, { checksum: true }))).code).toBe('damaged-tensors');
  }
});

const f32 = (shape: string, offsets: string, dtype = 'F32'): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
const eight = [0, 0, 0, 0, 0, 0, 0, 0];

describe('hostile headers are refused with the reason', () => {
  test.each([
    ['a claimed length beyond 100 MB', rawFile('{}', [], 100_000_001n), 'more than 100 MB'],
    ['a claimed length of 2^64-1', rawFile('{}', [], 2n ** 64n - 1n), 'more than 100 MB'],
    ['a claimed length beyond the file', rawFile('{}', [], 3n), 'the file has 10'],
    ['no header at all', Buffer.alloc(4), 'fewer than'],
    ['not JSON', rawFile('{"a":'), 'not JSON'],
    ['an array', rawFile('[]'), 'does not begin with {'],
    [
      'text that is not UTF-8',
      Buffer.concat([rawFile('', [], 2n), Buffer.from([0x7b, 0xff])]),
      'cannot be used',
    ],
    [
      'a tensor named twice',
      rawFile(`{"a":${f32('[1]', '[0,4]')},"a":${f32('[1]', '[0,4]')}}`, [0, 0, 0, 0]),
      '"a" twice',
    ],
    [
      'a name written twice in two ways',
      rawFile(`{"a":${f32('[0]', '[0,0]')},"\\u0061":${f32('[0]', '[0,0]')}}`),
      'twice',
    ],
    ['metadata twice', rawFile('{"__metadata__":{},"__metadata__":{"a":"b"}}'), 'twice'],
    ['metadata that is no text', rawFile('{"__metadata__":{"a":1}}'), 'other than texts'],
    ['an unknown type', rawFile(`{"a":${f32('[2]', '[0,8]', 'I64')}}`, eight), 'type I64'],
    [
      'a type that is a method of objects',
      rawFile(`{"a":${f32('[]', '[0,0]', 'toString')}}`),
      'type toString',
    ],
    ['a negative size', rawFile(`{"a":${f32('[-1]', '[0,-4]')}}`), 'entry of tensor "a"'],
    ['a size that is no number', rawFile(`{"a":${f32('["2"]', '[0,8]')}}`, eight), 'entry of tensor "a"'],
    ['a fractional size', rawFile(`{"a":${f32('[1.5]', '[0,6]')}}`, eight), 'entry of tensor "a"'],
    ['a shape that overflows', rawFile(`{"a":${f32('[4294967296,4294967296]', '[0,0]')}}`), 'too large'],
    ['fewer bytes than the shape needs', rawFile(`{"a":${f32('[3]', '[0,8]')}}`, eight), 'needs 12'],
    ['end before start', rawFile(`{"a":${f32('[0]', '[4,0]')}}`, eight), 'needs 0'],
    ['a hole', rawFile(`{"a":${f32('[1]', '[4,8]')}}`, eight), 'where 0 was expected'],
    [
      'an overlap',
      rawFile(`{"a":${f32('[1]', '[0,4]')},"b":${f32('[1]', '[0,4]')}}`, eight),
      'where 4 was expected',
    ],
    ['bytes that belong to no tensor', rawFile(`{"a":${f32('[1]', '[0,4]')}}`, eight), 'the file holds 8'],
    ['tensors past the end', rawFile(`{"a":${f32('[4]', '[0,16]')}}`, eight), 'the file holds 8'],
    [
      'a key of its own',
      rawFile(`{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"code":"x"}}`),
      'entry of tensor "a"',
    ],
  ])('%s', async (_what, bytes, reason) => {
    const file = path.join(await temporaryFolder(), 'hostile.safetensors');
    await writeFile(file, bytes);
    const error = await refusal(readSafetensors(file));
    expect(error.code).toBe('damaged-tensors');
    expect(error.message).toContain(reason);
  });
});

test('duplicate keys are seen per object, and not in texts', () => {
  expect(duplicateKey('{"a":{"b":1},"c":{"b":1},"d":"{\\"a\\":1,\\"a\\":2}"}')).toBeUndefined();
  expect(duplicateKey('{"a":{"b":1,"x":{"b":1},"b":2}}')).toBe('b');
  expect(duplicateKey(`{"t":"${'x'.repeat(3_000_000)}"}`)).toBeUndefined();
});

test('a tensor that contradicts itself is our bug, not written', () => {
  const twice = { name: 'a', shape: [1], data: Float32Array.of(1) };
  expect(() => encodeSafetensors([twice, twice])).toThrow('"a"');
  expect(() => encodeSafetensors([{ ...twice, shape: [2] }])).toThrow('holds 1 values');
});
