import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type InfoRecord, parse } from 'csv-parse';
import { UserError } from '../../protocol/errors';
import { decodeHead, type Encoding, readHead, scanEncoding, utf8Bytes } from './bytes';
import {
  type Dialect,
  describeDialect,
  guessDialect,
  newlineOf,
  openFromStart,
  parseHead,
  whyNoColumns,
} from './dialect';
import { findHeader } from './header';
import { headBytes, maxRecordBytes, type ReadContext, type RowSink, sampleRows, type Table } from './table';
import type { DataFile } from './walk';

/**
 * Looks at the head of a delimited file. Where it is no table (one column, prose), the reason, as the end of a sentence
 * that begins with its name.
 *
 * @throws UserError `binary-file` where a text file holds no text, `unclosed-quote` where it opens with one
 */
export async function openDelimited(file: DataFile): Promise<Table | string> {
  const { bytes, encoding, whole } = await wholeRows(file);
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw notText(file, bytes.subarray(0, zero));
  const dialect = guessDialect(bytes, file.extension, whole);
  if (dialect === undefined) {
    const opened = openFromStart(bytes, file.extension, whole);
    const unclosed = opened && (await findUnclosed(file, encoding, opened));
    if (unclosed !== undefined) throw unclosed;
    return whyNoColumns(bytes, file.extension, whole);
  }
  const head = parseHead(bytes, dialect, whole);
  const rows = head.rows.slice(0, sampleRows + 1);
  const { columns, header } = findHeader(rows);
  // In a head that was cut off, a quote is often open; that it swallowed all rows but the header is not usual.
  const suspect = head.open && (whole || head.rows.length < 2);
  const defect = suspect ? await findUnclosed(file, encoding, dialect) : undefined;
  return {
    file,
    columns,
    header,
    sample: rows.slice(header ? 1 : 0).filter((row) => row.length === columns.length),
    dialect: describeDialect(dialect),
    ...(defect === undefined ? {} : { defect }),
    read: (context, sink) => readDelimited(file, dialect, columns, header, context, sink),
  };
}

/**
 * A delimited file as a table of one column, whatever its texts hold: where a line has a delimiter outside quotes, it is
 * part of the text.
 */
export async function openOneColumn(file: DataFile): Promise<Table> {
  const { bytes, whole } = await wholeRows(file);
  const quoted = file.extension !== 'txt';
  const dialect: Dialect = { delimiter: ',', quoted, newline: newlineOf(bytes) };
  const join = (record: readonly string[]): string[] => [record.join(dialect.delimiter)];
  const rows = parseHead(bytes, dialect, whole)
    .rows.slice(0, sampleRows + 1)
    .map(join);
  const { columns, header } = findHeader(rows);
  return {
    file,
    columns,
    header,
    sample: rows.slice(header ? 1 : 0),
    dialect: 'one text per line',
    async read(context, sink) {
      const encoding = await settleEncoding(file, context);
      let awaitsHeader = header;
      await parseRecords(file, encoding, dialect, context, (record, line) => {
        if (awaitsHeader) awaitsHeader = false;
        else sink(join(record), line);
      });
    },
  };
}

function notText(file: DataFile, before: Buffer): UserError {
  const line = before.reduce((count, byte) => count + Number(byte === 0x0a), 1);
  const message = `${file.name}, line ${line}: a NUL byte, so this is not text; save it as UTF-8, or as UTF-16 with a byte order mark`;
  return new UserError('binary-file', message, { file: file.name, line });
}

/** Where in the whole file a quote stays open, or a record gets too long for one; undefined where all is well. */
async function findUnclosed(
  file: DataFile,
  encoding: Encoding,
  dialect: Dialect,
  signal?: AbortSignal,
): Promise<UserError | undefined> {
  try {
    await parseRecords(file, encoding, dialect, { signal, advance: () => {} }, () => {});
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** The head of a file; longer than usual where two lines do not fit. @throws UserError `record-too-long` */
async function wholeRows(file: DataFile): Promise<ReturnType<typeof decodeHead>> {
  let line = 1;
  for (const limit of [headBytes, maxRecordBytes]) {
    const head = decodeHead(await readHead(file, limit), limit);
    const second = head.bytes.indexOf(0x0a) + 1;
    // Files with the line ends of old Macs have no newline at all.
    const complete = second > 0 ? head.bytes.indexOf(0x0a, second) >= 0 : head.bytes.includes(0x0d);
    if (head.whole || complete || head.bytes.includes(0)) return head;
    line = second > 0 ? 2 : 1;
  }
  throw tooLong(file, line);
}

async function readDelimited(
  file: DataFile,
  guessed: Dialect,
  columns: readonly string[],
  header: boolean,
  context: ReadContext,
  sink: RowSink,
): Promise<void> {
  const encoding = await settleEncoding(file, context);
  const dialect = await settleQuoting(file, encoding, guessed, context);
  // Where the rows further on decided this, it has been told.
  const plain = !guessed.quoted;
  let awaitsHeader = header;
  await parseRecords(file, encoding, dialect, context, (record, line) => {
    if (plain && record.some((field) => field.startsWith('"'))) {
      const message = (): string =>
        `quotes do not enclose whole fields in ${file.name} (line ${line}), so they are read as plain characters`;
      context.log.add('info', 'plain-quotes', message, { file: file.name, line });
    }
    if (awaitsHeader) awaitsHeader = false;
    else if (record.length === columns.length) sink(record, line);
    else {
      const message = (): string =>
        `rows with another number of fields are left out: ${file.name}, line ${line} has ${record.length}, the columns are ${columns.length}`;
      context.log.add('warning', 'ragged-row', message, { file: file.name, line });
    }
  });
}

/** Learns the encoding from the whole file; a file that is not UTF-8 is read as windows-1252, and that is told. */
export async function settleEncoding(file: DataFile, context: ReadContext): Promise<Encoding> {
  const { encoding, invalid } = await scanEncoding(file, context.signal);
  if (invalid !== undefined) {
    const message = `${file.name} is not valid UTF-8 (first at line ${invalid.line}); it is read as windows-1252`;
    context.log.add('warning', 'invalid-utf8', message, { file: file.name, ...invalid });
  }
  return encoding;
}

/** A tab-separated file whose head looked quoted but which breaks the rules further on has plain quotes after all. */
async function settleQuoting(
  file: DataFile,
  encoding: Encoding,
  dialect: Dialect,
  context: ReadContext,
): Promise<Dialect> {
  if (dialect.delimiter !== '\t' || !dialect.quoted) return dialect;
  const error = await findUnclosed(file, encoding, dialect, context.signal);
  if (error === undefined) return dialect;
  if (error.code !== 'unclosed-quote') throw error;
  const message = `quotes do not pair up (line ${error.line}), so they are read as plain characters in ${file.name}`;
  context.log.add('info', 'plain-quotes', message, {
    file: file.name,
    ...(error.line === undefined ? {} : { line: error.line }),
  });
  return { ...dialect, quoted: false };
}

const newlines = /\r\n|\n|\r/g;

async function parseRecords(
  file: DataFile,
  encoding: Encoding,
  dialect: Dialect,
  context: Pick<ReadContext, 'signal' | 'advance'>,
  take: (record: string[], line: number) => void,
): Promise<void> {
  // The parser's own line count takes CRLF inside quotes for two lines, so lines are counted here.
  let line = 1;
  let emptyBefore = 0;
  let parserLine = 0;
  const parser = parse({
    delimiter: dialect.delimiter,
    quote: dialect.quoted ? '"' : null,
    escape: dialect.quoted ? '"' : null,
    record_delimiter: [...dialect.newline],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
    on_record: (record: string[], info: InfoRecord) => {
      line += info.empty_lines - emptyBefore;
      const start = line;
      line++;
      if (info.lines - parserLine - (info.empty_lines - emptyBefore) > 1) {
        for (const field of record) {
          const within = field.match(newlines)?.length ?? 0;
          // A field that was opened but closed in an odd place keeps its quote: over several lines that is a lost quote.
          if (within > 0 && dialect.quoted && field.startsWith('"')) throw unclosedQuote(file, line - 1);
          line += within;
        }
      }
      emptyBefore = info.empty_lines;
      parserLine = info.lines;
      take(record, start);
      return null;
    },
  });
  const source = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of utf8Bytes(file, encoding)) {
      context.signal?.throwIfAborted();
      context.advance(chunk.length);
      yield chunk;
    }
  };
  const nowhere = new Writable({ objectMode: true, write: (_row, _encoding, done) => done() });
  try {
    await pipeline(Readable.from(source()), parser, nowhere);
  } catch (error) {
    const { code } = error as { code?: string };
    const start = line + parser.info.empty_lines - emptyBefore;
    if (code === 'CSV_QUOTE_NOT_CLOSED') throw unclosedQuote(file, start);
    if (code !== 'CSV_MAX_RECORD_SIZE') throw error;
    throw tooLong(file, start);
  }
}

function tooLong(file: DataFile, line: number): UserError {
  const message = `${file.name}, line ${line}: a record of more than 64 MB; is a quote left open there, or a line break missing?`;
  return new UserError('record-too-long', message, { file: file.name, line });
}

function unclosedQuote(file: DataFile, line: number): UserError {
  const message = `${file.name}, line ${line}: a quoted field opens here and is not closed; close the quote, or double it if it belongs to the text`;
  return new UserError('unclosed-quote', message, { file: file.name, line });
}
