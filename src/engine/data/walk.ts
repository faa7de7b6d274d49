import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../protocol/errors';
import { reasonOf } from './bytes';
import { extensionOf, type FileFormat, formatOf, isBeside, isBesideFolder } from './formats';
import type { ProblemLog } from './problems';
import { countOf, someOf } from './profile';

/** Bytes; a run's record is far smaller. */
const largestRecord = 1024 * 1024;

export interface DataFile extends FileFormat {
  /** Absolute. */
  readonly path: string;
  /** Relative to the dataset root, with `/`. */
  readonly name: string;
  readonly bytes: number;
}

export interface Walk {
  readonly root: string;
  /** Sorted by name, code unit by code unit, so that the order is the same on every machine. */
  readonly files: readonly DataFile[];
  /** Extensions of files that are of no known kind, with their number. */
  readonly unknown: ReadonlyMap<string, number>;
}

/**
 * Finds the data files of a folder (or takes the one file given). Only regular files are ever opened: pipes, sockets and
 * devices are skipped. Symbolic links are followed inside the root only, and no folder is entered twice.
 *
 * @throws UserError `no-such-folder` where there is nothing at `given`.
 */
export async function walk(given: string, log: ProblemLog, signal?: AbortSignal): Promise<Walk> {
  const info = await stat(given).catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    const told = missing
      ? `there is no folder or file ${given}`
      : `${given} cannot be read: ${reasonOf(cause)}`;
    throw new UserError('no-such-folder', told, {}, { cause });
  });
  const absolute = await realpath(given);
  const root = info.isDirectory() ? absolute : path.dirname(absolute);
  const walker = new Walker(root, log, signal);
  if (info.isDirectory()) await walker.enter(root, '');
  else if (info.isFile()) walker.take(absolute, path.basename(absolute), info.size, true);
  else throw new UserError('not-a-file', `${given} is neither a folder nor a regular file`);
  walker.tellSkipped();
  walker.files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { root, files: walker.files, unknown: walker.unknown };
}

class Walker {
  readonly files: DataFile[] = [];
  readonly unknown = new Map<string, number>();
  private readonly empty: string[] = [];
  private readonly runs: string[] = [];
  private readonly visited = new Set<string>();

  constructor(
    private readonly root: string,
    private readonly log: ProblemLog,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async enter(folder: string, name: string): Promise<void> {
    this.signal?.throwIfAborted();
    const { dev, ino } = await stat(folder);
    const identity = `${dev}:${ino}`;
    if (this.visited.has(identity)) {
      this.log.add(
        'info',
        'link-loop',
        `folder ${name} was already read by another path and is not read again`,
        {
          file: name,
        },
      );
      return;
    }
    this.visited.add(identity);
    let entries: Dirent[];
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      this.log.add('warning', 'unreadable-folder', `folder ${name} cannot be read: ${reasonOf(error)}`, {
        file: name,
      });
      return;
    }
    if (entries.some((entry) => entry.name === 'run.json') && (await isRun(folder))) {
      this.runs.push(name);
      return;
    }
    // Real folders before links to them: a loop is then reported at the link.
    entries.sort(
      (a, b) => Number(a.isSymbolicLink()) - Number(b.isSymbolicLink()) || (a.name < b.name ? -1 : 1),
    );
    for (const entry of entries)
      await this.visit(folder, name === '' ? entry.name : `${name}/${entry.name}`, entry);
  }

  private async visit(folder: string, name: string, entry: Dirent): Promise<void> {
    let target = path.join(folder, entry.name);
    if (isBeside(entry.name)) return;
    let info = await lstat(target).catch(() => undefined);
    if (info?.isSymbolicLink()) {
      const real = await realpath(target).catch(() => undefined);
      if (real === undefined) {
        this.log.add('info', 'broken-link', `link ${name} leads nowhere (or in a circle) and is skipped`, {
          file: name,
        });
        return;
      }
      if (!isInside(this.root, real)) {
        const message = `link ${name} leads out of the dataset folder and is not followed`;
        this.log.add('warning', 'link-outside', message, { file: name });
        return;
      }
      target = real;
      info = await lstat(target).catch(() => undefined);
    }
    if (info === undefined) {
      const message = `${name} cannot be opened by this name and is skipped: it is gone, or its name is not UTF-8; rename it`;
      this.log.add('warning', 'unreadable-name', message, { file: name });
      return;
    }
    if (info.isDirectory()) {
      if (!isBesideFolder(entry.name)) await this.enter(target, name);
    } else if (info.isFile()) {
      this.take(target, name, info.size, false);
    } else {
      const message = `${name} is a pipe, socket or device, not a file, and is skipped`;
      this.log.add('info', 'not-a-file', message, { file: name });
    }
  }

  /** What was skipped for one reason is one line, however much it is. */
  tellSkipped(): void {
    const [empty] = this.empty.sort();
    if (empty !== undefined) {
      const count = this.empty.length;
      const message = `${countOf(count, 'file')} without content (0 bytes) skipped: ${someOf(this.empty)}`;
      this.log.add('warning', 'empty-file', message, { file: empty, count });
    }
    const [run] = this.runs.sort();
    if (run !== undefined) {
      const count = this.runs.length;
      const message = `${countOf(count, 'folder')} with a run in it skipped: ${someOf(this.runs)}`;
      this.log.add('info', 'run-folder', message, { file: run, count });
    }
  }

  /** A file named by the user is taken whatever it is called; of a folder's, those beside the data are left out. */
  take(file: string, name: string, bytes: number, named: boolean): void {
    const base = path.basename(name);
    if (!named && isBeside(base)) return;
    const format = formatOf(base);
    if (format === undefined) {
      const extension = extensionOf(base);
      this.unknown.set(extension, (this.unknown.get(extension) ?? 0) + 1);
    } else if (bytes === 0) {
      this.empty.push(name);
    } else {
      this.files.push({ ...format, path: file, name, bytes });
    }
  }
}

/** Whether a folder is what training wrote: a run on these data, kept among them. */
async function isRun(folder: string): Promise<boolean> {
  const file = path.join(folder, 'run.json');
  const info = await lstat(file).catch(() => undefined);
  if (!info?.isFile() || info.size > largestRecord) return false;
  return (await readFile(file, 'utf8').catch(() => '')).includes('"formatVersion"');
}

/** Whether `candidate` (a real path) is `root` or below it. */
export function isInside(root: string, candidate: string): boolean {
  const relative = path.relative(root, candidate);
  return (
    relative === '' ||
    !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative))
  );
}
