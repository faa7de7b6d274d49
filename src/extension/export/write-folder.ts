import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { commitFile, fileError } from '../../engine/run/files';
import { UserError } from '../../protocol/errors';

/** Where an export goes. */
export interface Target {
  /** Absolute; the folder that it is in is there. */
  readonly folder: string;
  /** Whether what is in the folder may be removed. */
  readonly replace: boolean;
}

export interface Watch {
  readonly signal?: AbortSignal;
  /** @param share of this file that is written, from 0 to 1. */
  readonly onProgress?: (name: string, share: number) => void;
}

/** Some of a file's bytes, and the share of the file that is done with them. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly share: number;
}

export type Pieces = Iterable<Piece> | AsyncIterable<Piece>;

/** Writes one file of the export. */
export type WriteFile = (name: string, pieces: Pieces) => Promise<void>;

/** A text as the pieces of a file. */
export function textPiece(text: string): Piece[] {
  return [{ bytes: Buffer.from(text), share: 1 }];
}

/** A file as it is. @throws UserError why it cannot be read */
export async function* copyPieces(file: string): AsyncGenerator<Piece> {
  try {
    const { size } = await stat(file);
    let done = 0;
    for await (const bytes of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      done += bytes.length;
      yield { bytes, share: done / size };
    }
  } catch (error) {
    throw fileError(error, 'read', file);
  }
}

async function isFree(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found === undefined || (found.isDirectory() && (await readdir(folder)).length === 0);
}

/** @throws UserError where there is something that nobody has given away */
async function requireFree({ folder, replace }: Target): Promise<void> {
  if (replace || (await isFree(folder))) return;
  const message = `cannot export to ${folder}: something is there already; export to another folder`;
  throw new UserError('target-taken', message, { file: folder });
}

async function moveInto(target: Target, written: string): Promise<void> {
  const { folder, replace } = target;
  await requireFree(target);
  if (replace) await rm(folder, { recursive: true, force: true });
  // Not every system lets a folder take the place of an empty one.
  else await rmdir(folder).catch(() => undefined);
  await rename(written, folder).catch((error: unknown) => {
    throw fileError(error, 'write', folder);
  });
}

/** Of the folder that was begun the user knows nothing, and it is gone. */
function withoutTemporary(error: unknown, temporary: string, folder: string): unknown {
  if (!(error instanceof UserError) || !error.message.includes(temporary)) return error;
  const message = error.message.replaceAll(temporary, folder);
  return new UserError(error.code, message, { file: folder }, { cause: error });
}

/**
 * Writes a folder whole or not at all: what was there is kept until the new one is complete, and a failure or a cancel
 * leaves nothing behind.
 * @throws UserError where it cannot be written, and the reason of the signal
 */
export async function writeFolder(
  target: Target,
  { signal, onProgress }: Watch,
  write: (file: WriteFile) => Promise<void>,
): Promise<void> {
  await requireFree(target);
  const temporary = `${target.folder}.tmp-${randomBytes(4).toString('hex')}`;
  await mkdir(temporary).catch((error: unknown) => {
    throw withoutTemporary(fileError(error, 'create', temporary), temporary, target.folder);
  });
  async function* watched(name: string, pieces: Pieces): AsyncGenerator<Uint8Array> {
    for await (const { bytes, share } of pieces) {
      signal?.throwIfAborted();
      yield bytes;
      onProgress?.(name, share);
    }
  }
  try {
    await write(async (name, pieces) => await commitFile(path.join(temporary, name), watched(name, pieces)));
    signal?.throwIfAborted();
    await moveInto(target, temporary);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw withoutTemporary(error, temporary, target.folder);
  }
}
