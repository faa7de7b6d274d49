import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../protocol/errors';

export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Written in pieces, so that a large tensor neither blocks the event loop nor meets the 2 GiB limit of one write. */
const pieceBytes = 64 * 1024 * 1024;

const remedies: Readonly<Record<string, readonly [code: string, what: string]>> = {
  ENOSPC: ['disk-full', 'the disk is full: free some space, or choose another folder'],
  EDQUOT: ['disk-full', 'your disk quota is used up: free some space, or choose another folder'],
  EFBIG: [
    'disk-full',
    'the file system or a limit (ulimit -f) allows no file of this size: choose another folder',
  ],
  EROFS: ['read-only', 'the file system is read-only: choose another folder'],
  EACCES: ['no-permission', 'permission denied: allow writing there, or choose another folder'],
  EPERM: ['no-permission', 'not permitted: allow writing there, or choose another folder'],
  ENAMETOOLONG: ['name-too-long', 'the path is longer than the file system allows: choose a shorter one'],
  ENOTDIR: ['not-a-folder', 'a part of the path is a file, not a folder: choose another folder'],
  EISDIR: ['is-a-folder', 'there is a folder of that name: choose another name'],
  ENOENT: ['path-missing', 'it, or the folder it is in, is not there (moved or deleted?): check the path'],
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The same failure as a `UserError` that names the path and what to do, where the user can mend it; else as it was. */
export function fileError(error: unknown, action: string, file: string): unknown {
  const remedy = remedies[codeOf(error) ?? ''];
  return remedy === undefined
    ? error
    : new UserError(remedy[0], `cannot ${action} ${file}: ${remedy[1]}`, { file }, { cause: error });
}

/** An error of the system that the user can mend, wherever it comes from, as a `UserError`; any other as it was. */
export function systemError(error: unknown): unknown {
  if (error instanceof UserError || codeOf(error) === undefined) return error;
  return fileError(
    error,
    'use',
    'path' in (error as Error) ? String((error as { path: unknown }).path) : 'a file',
  );
}

/**
 * Makes a folder within a run, unless it is there. The run's own folder is never made anew: one that was deleted or moved
 * while its run goes on is a failure to be told.
 * @throws UserError
 */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if (!isTaken(error)) throw fileError(error, 'create', folder);
  });
}

/** Whether a failed call says that the path is not there. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

/** Whether a failed exclusive creation says that somebody was first. */
export function isTaken(error: unknown): boolean {
  return codeOf(error) === 'EEXIST';
}

/** Makes the entries of a folder durable. Windows and some network file systems have no such call; there it is skipped. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EPERM', 'EISDIR', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'].includes(codeOf(error) ?? ''))
      throw error;
  } finally {
    await handle?.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let start = 0;
  while (start < chunk.byteLength) {
    const length = Math.min(pieceBytes, chunk.byteLength - start);
    start += (await handle.write(chunk, start, length)).bytesWritten;
  }
}

/**
 * Writes a file so that a crash or power loss leaves either the old one or the whole new one: temporary file beside it,
 * fsync, rename, fsync of the folder.
 * @throws UserError when the disk is full, read-only or forbidden; the temporary file is then gone.
 */
export async function commitFile(file: string, content: string | Uint8Array | Chunks): Promise<void> {
  const temporary = `${file}.tmp-${randomBytes(4).toString('hex')}`;
  const chunks =
    typeof content === 'string'
      ? [Buffer.from(content)]
      : content instanceof Uint8Array
        ? [content]
        : content;
  try {
    const handle = await open(temporary, 'wx');
    try {
      for await (const chunk of chunks) await writeAll(handle, chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw fileError(error, 'write', file);
  }
}

/** Removes what killed writers left in a folder; only for whoever holds the folder. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return;
    throw fileError(error, 'read', folder);
  }
  for (const name of names) {
    if (/\.tmp-[0-9a-f]{8}$/.test(name)) await unlink(path.join(folder, name)).catch(() => undefined);
  }
}
