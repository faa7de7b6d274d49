import path from 'node:path';
import { type Marks, readMarks } from '../data/marks';
import { commitFile } from './files';
import { jsonLine } from './json';

const fileName = 'marks.jsonl';

/** Keeps the marks that a run began with, so that it goes on with the same; nothing is written where there are none. */
export async function writeRunMarks(folder: string, { list }: Marks): Promise<void> {
  if (list.length === 0) return;
  await commitFile(path.join(folder, fileName), list.map((mark) => `${jsonLine(mark)}\n`).join(''));
}

/** The marks that a run began with. @throws UserError when they cannot be read. */
export async function readRunMarks(folder: string): Promise<Marks> {
  return await readMarks(path.join(folder, fileName));
}
