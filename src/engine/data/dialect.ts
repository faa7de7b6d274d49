import { parse } from 'csv-parse/sync';

/** How a delimited file is written. */
export interface Dialect {
  readonly delimiter: ',' | '\t' | ';' | '|';
  /** False: a `"` is a character like any other (common in TSV files of corpora). */
  readonly quoted: boolean;
  /** Files of old Macs end their lines with CR alone. */
  readonly newline: readonly string[];
}

const delimiterNames = { ',': 'commas', '\t': 'tabs', ';': 'semicolons', '|': 'bars' } as const;

export function describeDialect(dialect: Dialect): string {
  const quotes = dialect.quoted ? '' : ', quotes are plain characters';
  return `delimited by ${delimiterNames[dialect.delimiter]}${quotes}`;
}

interface Parsed {
  readonly rows: readonly string[][];
  /** Whether the text broke the quoting rules. */
  readonly broken: boolean;
}

/** Parses text as one dialect, as far as it goes. `strict`: a quote inside or after a field breaks it. */
export function parseHead(bytes: Buffer, dialect: Dialect, whole: boolean, strict = false): Parsed {
  const rows: string[][] = [];
  let broken = false;
  try {
    parse(bytes, {
      delimiter: dialect.delimiter,
      quote: dialect.quoted ? '"' : null,
      escape: dialect.quoted ? '"' : null,
      record_delimiter: [...dialect.newline],
      relax_quotes: !strict,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 0,
      on_record: (record: string[]) => {
        rows.push(record);
        return null;
      },
    });
  } catch (error) {
    // A head that was cut off may end within a quoted field.
    broken = whole || (error as { code?: string }).code !== 'CSV_QUOTE_NOT_CLOSED';
  }
  return { rows, broken };
}

/**
 * Guesses from content: the delimiter under which most rows have the same number of fields, at least two. Commas come last
 * among equals, because texts hold commas and rarely the same number of semicolons or tabs in every row.
 */
export function guessDialect(bytes: Buffer, extension: string, whole: boolean): Dialect | undefined {
  const newline = !bytes.includes(0x0a) && bytes.includes(0x0d) ? ['\r'] : ['\r\n', '\n'];
  const delimiters: Dialect['delimiter'][] = extension === 'txt' ? ['\t'] : ['\t', ';', '|', ','];
  let best: Dialect | undefined;
  let bestShare = 0;
  for (const delimiter of delimiters) {
    const dialect: Dialect = {
      delimiter,
      quoted: delimiter !== '\t' || isQuoted(bytes, newline, whole),
      newline,
    };
    const share = evenShare(parseHead(bytes, dialect, whole).rows);
    if (share > bestShare + 0.02) {
      best = dialect;
      bestShare = share;
    }
  }
  return best !== undefined && bestShare >= (extension === 'txt' ? 0.8 : 0.5) ? best : undefined;
}

/** Tab-separated files come in two dialects; a quoted one has fields that open with a quote, and every one of them closes. */
function isQuoted(bytes: Buffer, newline: readonly string[], whole: boolean): boolean {
  const plain = parseHead(bytes, { delimiter: '\t', quoted: false, newline }, whole);
  if (!plain.rows.some((row) => row.some((field) => field.startsWith('"')))) return false;
  const quoted = parseHead(bytes, { delimiter: '\t', quoted: true, newline }, whole, true);
  return !quoted.broken && evenShare(quoted.rows) >= evenShare(plain.rows);
}

/** Share of the rows that have the most common number of fields; 0 where that number is 1. */
function evenShare(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let width = 0;
  let most = 0;
  for (const [fields, count] of counts) {
    if (count > most) [width, most] = [fields, count];
  }
  return width < 2 ? 0 : most / rows.length;
}
