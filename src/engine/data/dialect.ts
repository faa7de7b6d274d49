import { parse } from 'csv-parse/sync';
import { shorten } from './profile';

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
  /** Whether the text ends within a quoted field. */
  readonly open: boolean;
}

/** Parses text as one dialect, as far as it goes. `strict`: a quote inside or after a field breaks it. */
export function parseHead(bytes: Buffer, dialect: Dialect, whole: boolean, strict = false): Parsed {
  const rows: string[][] = [];
  let [broken, open] = [false, false];
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
    open = (error as { code?: string }).code === 'CSV_QUOTE_NOT_CLOSED';
    broken = whole || !open;
  }
  return { rows, broken, open };
}

/** Files of old Macs end their lines with CR alone. */
export function newlineOf(bytes: Buffer): readonly string[] {
  return !bytes.includes(0x0a) && bytes.includes(0x0d) ? ['\r'] : ['\r\n', '\n'];
}

function delimitersOf(extension: string): readonly Dialect['delimiter'][] {
  return extension === 'txt' ? ['\t'] : ['\t', ';', '|', ','];
}

/**
 * Guesses from content: the delimiter under which most rows have as many fields as the first, at least two; a delimiter
 * that only occurs within texts is not in the header. Commas come last among equals, because texts hold commas and rarely
 * the same number of semicolons or tabs in every row.
 */
export function guessDialect(bytes: Buffer, extension: string, whole: boolean): Dialect | undefined {
  const newline = newlineOf(bytes);
  const delimiters = delimitersOf(extension);
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

/** A dialect in which the very first row opens a quote that the text does not close. */
export function openFromStart(bytes: Buffer, extension: string, whole: boolean): Dialect | undefined {
  // A plain text may begin with a quotation.
  if (extension === 'txt') return undefined;
  return delimitersOf(extension)
    .map((delimiter): Dialect => ({ delimiter, quoted: true, newline: newlineOf(bytes) }))
    .find((dialect) => {
      const { rows, open } = parseHead(bytes, dialect, whole);
      return open && rows.length === 0;
    });
}

/** Why a text without a dialect is no table, as the end of a sentence that begins with its name. */
export function whyNoColumns(bytes: Buffer, extension: string, whole: boolean): string {
  const newline = newlineOf(bytes);
  const rows = delimitersOf(extension).map(
    (delimiter) => parseHead(bytes, { delimiter, quoted: false, newline }, whole).rows,
  );
  const known = delimitersOf(extension)
    .map((delimiter) => delimiterNames[delimiter])
    .join(', ');
  if (rows.some(([row]) => (row?.length ?? 0) > 1))
    return `has rows of different numbers of fields, whatever delimits them (${known})`;
  const name = (rows[0]?.[0]?.[0] ?? '').trim();
  return `has one column, beginning with "${shorten(name, 40)}": texts need a second column (a label, or a text that belongs to each), delimited by ${known}`;
}

/** Share of the rows that have as many fields as the first; 0 where that is one. */
function evenShare(rows: readonly string[][]): number {
  const width = rows[0]?.length ?? 0;
  return width < 2 ? 0 : rows.filter((row) => row.length === width).length / rows.length;
}
