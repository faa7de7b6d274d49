import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { fileError } from './files';

/** JSON has no word for these; `null` would lose which of them it was. */
const spelled = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function spellOut(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** One line of JSON (no line break inside or after) in which non-finite numbers are spelled out as texts. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, spellOut);
}

/** The same, indented, for files that people read. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, spellOut, 2)}\n`;
}

/** Reads what `jsonLine` wrote. Only for records that hold no texts of the user: `"NaN"` becomes a number everywhere. */
export function parseNumbers(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? (spelled.get(value) ?? value) : value,
  );
}

/** A number, non-finite ones spelled out. */
export const spelledNumber = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((word) => spelled.get(word) as number),
]);

/**
 * The lines of a UTF-8 file, split at `\n` alone, each with whether that `\n` was there. Node's readline also splits at
 * U+2028, which JSON leaves inside its strings.
 */
export async function* readLines(file: string): AsyncGenerator<{ text: string; complete: boolean }> {
  let pending: Buffer[] = [];
  try {
    for await (const part of createReadStream(file, { highWaterMark: 1 << 18 })) {
      let rest = part as Buffer;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        const line =
          pending.length === 0 ? rest.subarray(0, end) : Buffer.concat([...pending, rest.subarray(0, end)]);
        pending = [];
        rest = rest.subarray(end + 1);
        yield { text: line.toString('utf8'), complete: true };
      }
      if (rest.length > 0) pending.push(rest);
    }
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  if (pending.length > 0) yield { text: Buffer.concat(pending).toString('utf8'), complete: false };
}
