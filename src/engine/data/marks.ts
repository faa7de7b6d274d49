import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../../protocol/errors';
import type { PairMark } from '../../protocol/explore';
import { fileError, isMissing, isTaken } from '../run/files';

/** What the user said of two items, by their ids. */
export interface Mark {
  readonly first: string;
  readonly second: string;
  readonly mark: PairMark;
}

export interface Marks {
  /** In the order in which they were first set; of each pair the last word. */
  readonly list: readonly Mark[];
  /** Lines that are no marks, 1-based. */
  readonly unreadable: readonly number[];
}

const noMarks: Marks = { list: [], unreadable: [] };

const lineSchema = z.object({
  first: z.string(),
  second: z.string(),
  /** `null` takes the pair's mark back. */
  mark: z.enum(['same', 'different']).nullable(),
});

/** Where marks on a dataset (a folder, or a single file) are kept: beside it, since the dataset itself is never written. */
export function marksFile(dataset: string): string {
  const absolute = path.resolve(dataset);
  return path.join(path.dirname(absolute), '.infonce', 'marks', `${path.basename(absolute)}.jsonl`);
}

/** Names a pair, whichever way round it is given. */
export function pairKey(first: string, second: string): string {
  return JSON.stringify(first < second ? [first, second] : [second, first]);
}

/**
 * Reads marks: one JSON object per line, the last one on a pair counts. None where there is no file; a line that is no mark
 * is named and passed over.
 * @throws UserError when the file is there and cannot be read.
 */
export async function readMarks(file: string): Promise<Marks> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return noMarks;
    throw fileError(error, 'read', file);
  }
  const pairs = new Map<string, Mark>();
  const unreadable: number[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const said = parseLine(line);
    if (said === undefined) {
      unreadable.push(at + 1);
      continue;
    }
    const { first, second, mark } = said;
    const key = pairKey(first, second);
    if (mark === null) pairs.delete(key);
    else pairs.set(key, { first, second, mark });
  }
  return { list: [...pairs.values()], unreadable };
}

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/**
 * Adds what the user says of a pair; `null` takes it back. The file and its folder are made where they are missing.
 * @throws UserError when nothing can be written there.
 */
export async function appendMark(
  file: string,
  said: Pick<Mark, 'first' | 'second'> & { readonly mark: PairMark | null },
): Promise<void> {
  const { first, second, mark } = said;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    // A line break first where the last line was torn: it must not take this one with it.
    const torn = await readFile(file, 'utf8').then(
      (text) => text !== '' && !text.endsWith('\n'),
      () => false,
    );
    await appendFile(file, `${torn ? '\n' : ''}${JSON.stringify({ first, second, mark })}\n`, {
      flush: true,
    });
  } catch (error) {
    if (!isTaken(error)) throw fileError(error, 'write', file);
    throw new UserError('not-a-folder', `cannot write ${file}: a part of the path is a file, not a folder`, {
      file,
    });
  }
}
