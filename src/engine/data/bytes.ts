import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { UserError } from '../../protocol/errors';
import type { DataFile } from './walk';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/**
 * The bytes of a text file, unpacked, in pieces of at most 256 KiB; with `end`, at least that many where there are.
 *
 * @throws UserError `broken-gzip`, `unreadable-file`
 */
export async function* rawBytes(file: DataFile, end?: number): AsyncGenerator<Buffer> {
  const source = createReadStream(file.path, {
    highWaterMark: 256 * 1024,
    ...(end === undefined || file.gzip ? {} : { end: end - 1 }),
  });
  const unpacked = file.gzip ? createGunzip({ chunkSize: 256 * 1024 }) : undefined;
  if (unpacked !== undefined) {
    source.on('error', (error) => unpacked.destroy(error));
    source.pipe(unpacked);
  }
  let given = 0;
  try {
    for await (const chunk of (unpacked ?? source) as AsyncIterable<Buffer>) {
      yield chunk;
      given += chunk.length;
      if (end !== undefined && given >= end) return;
    }
  } catch (cause) {
    throw readError(file, cause as NodeJS.ErrnoException);
  } finally {
    source.destroy();
    unpacked?.destroy();
  }
}

/** What the system says of a failed call, without its code, the call and the path: `permission denied`. */
export function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message.replace(/^E[A-Z0-9]+: /, '').replace(/, \w+( '.*')?$/s, '');
}

function readError(file: DataFile, cause: NodeJS.ErrnoException): UserError {
  const packed = cause.code?.startsWith('Z_') ?? false;
  const what = packed ? 'cannot be unpacked' : 'cannot be read';
  const code = packed ? 'broken-gzip' : 'unreadable-file';
  return new UserError(code, `${file.name} ${what}: ${reasonOf(cause)}`, { file: file.name }, { cause });
}

/** The first `limit` bytes, unpacked. */
export async function readHead(file: DataFile, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of rawBytes(file, limit)) chunks.push(chunk);
  return Buffer.concat(chunks).subarray(0, limit);
}

/** By the byte order mark; UTF-8 where there is none. `skip`: the bytes of the mark. */
export function byteOrderMark(head: Buffer): { encoding: Encoding; skip: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', skip: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', skip: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', skip: 2 };
  return { encoding: 'utf-8', skip: 0 };
}

/** The file's text as UTF-8 bytes without a byte order mark, whatever its own encoding. */
export async function* utf8Bytes(file: DataFile, encoding: Encoding): AsyncGenerator<Buffer> {
  if (encoding !== 'utf-8') {
    const decoder = new TextDecoder(encoding);
    for await (const chunk of rawBytes(file))
      yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
    yield Buffer.from(decoder.decode(), 'utf8');
    return;
  }
  let first = true;
  for await (const chunk of rawBytes(file)) {
    yield first && byteOrderMark(chunk).skip === 3 ? chunk.subarray(3) : chunk;
    first = false;
  }
}

/** The head of a file as UTF-8, cut after its last whole line; `whole` where that is the entire file. */
export function decodeHead(
  head: Buffer,
  limit: number,
): { bytes: Buffer; encoding: Encoding; whole: boolean } {
  const { encoding, skip } = byteOrderMark(head);
  const whole = head.length < limit;
  const text =
    encoding === 'utf-8' ? head.subarray(skip) : Buffer.from(new TextDecoder(encoding).decode(head), 'utf8');
  const end = text.lastIndexOf(0x0a);
  return { bytes: whole || end < 0 ? text : text.subarray(0, end + 1), encoding, whole };
}

export interface Scan {
  readonly encoding: Encoding;
  /** Lines that are not UTF-8 in a file without a byte order mark: the first one and how many. */
  readonly invalid?: { readonly line: number; readonly count: number };
}

/** Reads a text file through once to learn its encoding before its rows are taken. */
export async function scanEncoding(file: DataFile, signal?: AbortSignal): Promise<Scan> {
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  let first = 0;
  let last = 0;
  let count = 0;
  let started = false;
  const check = (bytes: Buffer): void => {
    const valid = isUtf8(bytes);
    let at = 0;
    while (at < bytes.length) {
      const end = bytes.indexOf(0x0a, at);
      if (!valid && !isUtf8(bytes.subarray(at, end < 0 ? bytes.length : end)) && last !== line) {
        if (count++ === 0) first = line;
        last = line;
      }
      if (end < 0) return;
      line++;
      at = end + 1;
    }
  };
  for await (const chunk of rawBytes(file)) {
    signal?.throwIfAborted();
    if (!started) {
      const { encoding } = byteOrderMark(chunk);
      if (encoding !== 'utf-8') return { encoding };
      started = true;
    }
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = wholeCharacters(bytes);
    check(bytes.subarray(0, whole));
    rest = bytes.subarray(whole);
  }
  check(rest);
  return count === 0 ? { encoding: 'utf-8' } : { encoding: 'windows-1252', invalid: { line: first, count } };
}

/** Length of `bytes` without a character that is cut off at its end. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** SHA-256 of a file's bytes, hex, and how many they are. */
export interface FileDigest {
  readonly digest: string;
  readonly bytes: number;
}

/** SHA-256 (hex) of a file as it lies on disk, and its size. */
export async function hashFile(file: string, signal?: AbortSignal): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    signal?.throwIfAborted();
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { digest: hash.digest('hex'), bytes };
}
