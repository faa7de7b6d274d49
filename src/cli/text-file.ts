import { readLines } from '../engine/run/json';
import { UserError } from '../protocol/errors';

export interface TextLines {
  readonly texts: readonly string[];
  /** 1-based line of each text. */
  readonly lines: Int32Array;
  /** Lines without any text, which were left out. */
  readonly empty: number;
}

/** The texts of a plain file, one a line. @throws UserError when it cannot be read or holds none. */
export async function readTextLines(file: string): Promise<TextLines> {
  const texts: string[] = [];
  const lines: number[] = [];
  let line = 0;
  for await (const { text } of readLines(file)) {
    line++;
    const clean = text.replace(/\r$/, '').replace(line === 1 ? /^\uFEFF/ : /$^/, '');
    if (clean.trim() === '') continue;
    texts.push(clean);
    lines.push(line);
  }
  if (texts.length === 0) {
    throw new UserError('no-texts', `no text in ${line} lines: give a file with one text per line`, { file });
  }
  return { texts, lines: Int32Array.from(lines), empty: line - texts.length };
}
