import { z } from 'zod';

/** The largest header that the format's reference reader accepts. */
export const maxHeaderBytes = 100_000_000;

/** The types that this program reads and writes, with bytes per value. */
export const dtypeBytes = { F32: 4, I32: 4, U8: 1 } as const;
export type Dtype = keyof typeof dtypeBytes;

export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Byte range within the data part, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their bytes. */
  readonly tensors: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

function isDtype(value: string): value is Dtype {
  return Object.hasOwn(dtypeBytes, value);
}

/** Number of values; undefined when it is beyond what a double counts exactly. */
export function valueCount(shape: readonly number[]): number | undefined {
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}

/**
 * The first key that an object of this (valid) JSON text holds twice: `JSON.parse` keeps the last one silently, another
 * reader the first, and the two would see different tensors.
 */
export function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/g;
  for (const match of json.matchAll(token)) {
    if (match[0] === '{') open.push(new Set());
    else if (match[0] === '}') open.pop();
    else if (match[1] !== undefined) {
      const key = JSON.parse(match[0].slice(0, -match[1].length)) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

function readEntry(name: string, value: unknown): TensorEntry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success)
    throw new Error(`the entry of tensor "${name}" is not a dtype, a shape and two offsets`);
  const { dtype, shape, data_offsets } = parsed.data;
  if (!isDtype(dtype))
    throw new Error(`tensor "${name}" has the type ${dtype}, only F32, I32 and U8 are read`);
  const [start, end] = data_offsets;
  const count = valueCount(shape);
  const bytes = count === undefined ? undefined : count * dtypeBytes[dtype];
  if (bytes === undefined || !Number.isSafeInteger(bytes)) {
    throw new Error(`the shape [${shape.join(', ')}] of tensor "${name}" is too large`);
  }
  if (end - start !== bytes) {
    throw new Error(
      `tensor "${name}" has ${end - start} bytes, its shape [${shape.join(', ')}] needs ${bytes}`,
    );
  }
  return { name, dtype, shape, start, end };
}

function readMetadata(value: unknown): Map<string, string> {
  const parsed = z.record(z.string(), z.string()).safeParse(value);
  if (!parsed.success) throw new Error('__metadata__ holds something other than texts');
  return new Map(Object.entries(value as Record<string, string>));
}

/**
 * Checks a header against the format's rules: offsets without hole or overlap that cover the data exactly, sizes that
 * match shape and type, no key twice.
 * @throws Error with a clause that says what is wrong; the caller knows the file.
 */
export function parseHeader(json: string, dataBytes: number): Header {
  if (!json.startsWith('{')) throw new Error('the header does not begin with {');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error('the header is not JSON', { cause: error });
  }
  const twice = duplicateKey(json);
  if (twice !== undefined) throw new Error(`the header names "${twice}" twice`);
  let metadata = new Map<string, string>();
  const tensors: TensorEntry[] = [];
  for (const [name, entry] of Object.entries(value as object)) {
    if (name === '__metadata__') metadata = readMetadata(entry);
    else tensors.push(readEntry(name, entry));
  }
  tensors.sort((a, b) => a.start - b.start || a.end - b.end);
  let expected = 0;
  for (const { name, start, end } of tensors) {
    if (start !== expected) {
      throw new Error(`tensor "${name}" begins at byte ${start} of the data where ${expected} was expected`);
    }
    expected = end;
  }
  if (expected !== dataBytes)
    throw new Error(`the tensors take ${expected} bytes, the file holds ${dataBytes}`);
  return { tensors, metadata };
}

/** The header's JSON text. Built piece by piece: a tensor may be called `__proto__`. */
export function formatHeader({ tensors, metadata }: Header): string {
  const parts = tensors.map(
    ({ name, dtype, shape, start, end }) =>
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [start, end] })}`,
  );
  if (metadata.size > 0) {
    const pairs = [...metadata].map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
    parts.unshift(`"__metadata__":{${pairs.join(',')}}`);
  }
  return `{${parts.join(',')}}`;
}
