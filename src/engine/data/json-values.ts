import { UserError } from '../../protocol/errors';
import { type Encoding, utf8Bytes } from './bytes';
import { maxRecordBytes } from './table';
import type { DataFile } from './walk';

const [quote, backslash, newline] = [0x22, 0x5c, 0x0a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** A piece of JSON text and the physical line where it starts. */
export interface JsonText {
  readonly text: string;
  readonly line: number;
}

/** The lines of a file, without blank ones; a line above the limit is an error, not a buffer. */
export async function* jsonLines(file: DataFile, encoding: Encoding): AsyncGenerator<JsonText[]> {
  let line = 1;
  let parts: Buffer[] = [];
  let held = 0;
  const hold = (part: Buffer): void => {
    held += part.length;
    if (held > maxRecordBytes) throw tooLong(file, line);
    if (part.length > 0) parts.push(part);
  };
  for await (const chunk of utf8Bytes(file, encoding)) {
    const texts: JsonText[] = [];
    let at = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, at)) {
      hold(chunk.subarray(at, end));
      const text = (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString('utf8').trim();
      if (text !== '') texts.push({ text, line });
      parts = [];
      held = 0;
      line++;
      at = end + 1;
    }
    hold(chunk.subarray(at));
    yield texts;
  }
  const text = Buffer.concat(parts).toString('utf8').trim();
  if (text !== '') yield [{ text, line }];
}

/** The elements of a file that is one JSON array of objects, each cut out as text without holding the array. */
export async function* jsonElements(file: DataFile, encoding: Encoding): AsyncGenerator<JsonText[]> {
  let line = 1;
  let start = 1;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let parts: Buffer[] = [];
  let held = 0;
  let ended = false;
  for await (const chunk of utf8Bytes(file, encoding)) {
    const texts: JsonText[] = [];
    let from = depth > 1 ? 0 : -1;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (byte === newline) line++;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) inString = true;
      else if (byte === openBrace || byte === openBracket) {
        depth++;
        if (depth === 2) {
          from = i;
          start = line;
        }
      } else if (byte === closeBrace || byte === closeBracket) {
        depth--;
        if (depth === 1) {
          parts.push(chunk.subarray(from, i + 1));
          texts.push({ text: Buffer.concat(parts).toString('utf8'), line: start });
          parts = [];
          held = 0;
          from = -1;
        } else if (depth === 0) ended = true;
      }
    }
    if (from >= 0) {
      parts.push(chunk.subarray(from));
      held += chunk.length - from;
      if (held > maxRecordBytes) throw tooLong(file, start);
    }
    yield texts;
  }
  if (!ended) {
    const message = `${file.name}, line ${start}: the JSON array is cut off: it is not closed by the end of the file`;
    throw new UserError('broken-json', message, { file: file.name, line: start });
  }
}

function tooLong(file: DataFile, line: number): UserError {
  const message = `${file.name}, line ${line}: a line or record of more than 64 MB; is a line break missing?`;
  return new UserError('record-too-long', message, { file: file.name, line });
}
