import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../../protocol/errors';
import { commitFile, fileError } from './files';
import {
  type Dtype,
  dtypeBytes,
  formatHeader,
  type Header,
  maxHeaderBytes,
  parseHeader,
  type TensorEntry,
  valueCount,
} from './safetensors-header';
import type { NamedTensor } from './tensors';

/** Metadata key of the SHA-256 (hex) over all other metadata, the tensors' names, types and shapes, and the data. */
export const checksumKey = 'infonce.sha256';

export const wrongChecksum = 'its checksum does not match its content';

const pieceBytes = 64 * 1024 * 1024;

export interface TensorFile {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: ReadonlyMap<string, string>;
}

function dtypeOf(data: NamedTensor['data']): Dtype {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

function bytesOf(data: NamedTensor['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Four-byte types come first, so that every tensor of them lies aligned in the file. */
function layOut(tensors: readonly NamedTensor[]): { entry: TensorEntry; bytes: Uint8Array }[] {
  const names = new Set<string>();
  let start = 0;
  return [...tensors]
    .sort((a, b) => dtypeBytes[dtypeOf(b.data)] - dtypeBytes[dtypeOf(a.data)])
    .map(({ name, shape, data }) => {
      if (names.has(name) || name === '__metadata__')
        throw new Error(`tensor name "${name}" cannot be used twice`);
      if (valueCount(shape) !== data.length) {
        throw new Error(`tensor "${name}" of shape [${shape.join(', ')}] holds ${data.length} values`);
      }
      names.add(name);
      const entry = { name, dtype: dtypeOf(data), shape, start, end: start + data.byteLength };
      start = entry.end;
      return { entry, bytes: bytesOf(data) };
    });
}

/** The checksum up to the data, which are to be added in their order. */
export function startChecksum({ metadata, tensors }: Header): Hash {
  const texts = [...metadata].filter(([key]) => key !== checksumKey).sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = tensors.map(({ name, dtype, shape }) => [name, dtype, shape]);
  return createHash('sha256').update(JSON.stringify([texts, entries]));
}

function checksum(header: Header, data: Iterable<Uint8Array>): string {
  const hash = startChecksum(header);
  for (const bytes of data) hash.update(bytes);
  return hash.digest('hex');
}

/** The file's bytes in order; the tensors' own memory is handed on, not copied. */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
  options: { readonly checksum?: boolean } = {},
): Uint8Array[] {
  const laid = layOut(tensors);
  const entries = laid.map(({ entry }) => entry);
  const data = laid.map(({ bytes }) => bytes);
  const texts = new Map(Object.entries(metadata));
  if (options.checksum === true)
    texts.set(checksumKey, checksum({ metadata: texts, tensors: entries }, data));
  const json = Buffer.from(formatHeader({ tensors: entries, metadata: texts }));
  // Spaces up to a multiple of eight bytes: the data begins aligned.
  const header = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - 8), 0);
  json.copy(header, 8);
  return [header, ...data];
}

/** Commits a safetensors file. */
export async function writeSafetensors(
  file: string,
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
  options: { readonly checksum?: boolean } = {},
): Promise<void> {
  await commitFile(file, encodeSafetensors(tensors, metadata, options));
}

/** @throws Error where the file ends before */
export async function readExactly(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const piece = Math.min(pieceBytes, length - done);
    const { bytesRead } = await handle.read(bytes, done, piece, position + done);
    if (bytesRead === 0) throw new Error('the file ends too early');
    done += bytesRead;
  }
  return bytes;
}

function toTensor({ name, shape, dtype }: TensorEntry, bytes: Uint8Array): NamedTensor {
  const count = bytes.byteLength / dtypeBytes[dtype];
  switch (dtype) {
    case 'F32':
      return { name, shape, data: new Float32Array(bytes.buffer, bytes.byteOffset, count) };
    case 'I32':
      return { name, shape, data: new Int32Array(bytes.buffer, bytes.byteOffset, count) };
    case 'U8':
      return { name, shape, data: bytes };
  }
}

export async function readHeader(handle: FileHandle): Promise<{ header: Header; dataStart: number }> {
  const { size } = await handle.stat();
  if (size < 8) throw new Error(`it has ${size} bytes, fewer than the length of a header`);
  const lengthBytes = await readExactly(handle, 0, 8);
  const headerBytes = Number(Buffer.from(lengthBytes.buffer).readBigUInt64LE(0));
  if (headerBytes > maxHeaderBytes)
    throw new Error(`its header claims ${headerBytes} bytes, more than 100 MB`);
  if (8 + headerBytes > size) throw new Error(`its header claims ${headerBytes} bytes, the file has ${size}`);
  const headerText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const json = headerText.decode(await readExactly(handle, 8, headerBytes));
  const dataStart = 8 + headerBytes;
  return { header: parseHeader(json, size - dataStart), dataStart };
}

async function readHandle(handle: FileHandle, needsChecksum: boolean): Promise<TensorFile> {
  const { header, dataStart } = await readHeader(handle);
  const blocks: Uint8Array[] = [];
  for (const { start, end } of header.tensors) {
    blocks.push(await readExactly(handle, dataStart + start, end - start));
  }
  const expected = header.metadata.get(checksumKey);
  if (needsChecksum && expected === undefined) throw new Error('its checksum is missing');
  if (expected !== undefined && expected !== checksum(header, blocks)) throw new Error(wrongChecksum);
  const tensors = header.tensors.map((entry, i) => toTensor(entry, blocks[i] as Uint8Array));
  return { tensors, metadata: new Map([...header.metadata].filter(([key]) => key !== checksumKey)) };
}

/** @throws UserError why the file cannot be opened */
export async function openTensors(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    throw fileError(error, 'read', file);
  }
}

/** What is wrong with the content of a file, as the user is told. */
export function damagedTensors(error: unknown, file: string): UserError {
  const why = error instanceof Error ? error.message : String(error);
  const message = `${file} cannot be used: ${why}; restore the file or train again`;
  return new UserError('damaged-tensors', message, { file }, { cause: error });
}

/** Opens the file for one reading. What is wrong with its content is a `UserError` that names the file. */
export async function withFile<T>(file: string, read: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openTensors(file);
  try {
    return await read(handle);
  } catch (error) {
    throw damagedTensors(error, file);
  } finally {
    await handle.close();
  }
}

/**
 * Reads a whole safetensors file, trusting nothing in it. A checksum is verified where there is one; with `checksum`
 * there must be one.
 * @throws UserError `damaged-tensors` naming the file and what is wrong, or why it cannot be opened.
 */
export async function readSafetensors(
  file: string,
  options: { readonly checksum?: boolean } = {},
): Promise<TensorFile> {
  return await withFile(file, (handle) => readHandle(handle, options.checksum === true));
}

/**
 * Reads some tensors by name, and nothing else of the file than its header; no checksum is looked at.
 * @returns in the order of the names, undefined where there is none of that name.
 * @throws UserError like `readSafetensors`.
 */
export async function readTensors(
  file: string,
  names: readonly string[],
): Promise<(NamedTensor | undefined)[]> {
  return await withFile(file, async (handle) => {
    const { header, dataStart } = await readHeader(handle);
    const found: (NamedTensor | undefined)[] = [];
    for (const name of names) {
      const entry = header.tensors.find((tensor) => tensor.name === name);
      found.push(
        entry && toTensor(entry, await readExactly(handle, dataStart + entry.start, entry.end - entry.start)),
      );
    }
    return found;
  });
}
