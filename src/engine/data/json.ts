import { UserError } from '../../protocol/errors';
import { decodeHead, readHead } from './bytes';
import { settleEncoding } from './delimited';
import { type JsonText, jsonElements, jsonLines } from './json-values';
import { type Cell, headBytes, type ReadContext, type RowSink, sampleRows, type Table } from './table';
import type { DataFile } from './walk';

/**
 * Looks at the head of a JSON file: objects one per line, or one array of objects. Where it is neither, the reason, as the
 * end of a sentence that begins with its name.
 *
 * @throws UserError `bad-json-line` where not one line of a `.jsonl` file can be read
 */
export async function openJson(file: DataFile): Promise<Table | string> {
  const head = decodeHead(await readHead(file, headBytes), headBytes);
  const start = head.bytes.toString('utf8', 0, 4096).trimStart();
  const array = start.startsWith('[');
  const sample: Map<string, Cell>[] = [];
  let firstBad = 0;
  // The head alone goes through the same splitters as the file; that its array is cut off is expected here.
  const texts = array ? jsonElements : jsonLines;
  try {
    for await (const batch of texts(file, head.encoding)) {
      for (const { text, line } of batch) {
        const row = parseObject(text);
        if (row !== undefined) sample.push(row);
        else if (firstBad === 0) firstBad = line;
        if (sample.length >= sampleRows || (sample.length === 0 && line > sampleRows)) break;
      }
      if (sample.length >= sampleRows || (sample.length === 0 && firstBad > 0)) break;
    }
  } catch (error) {
    const tooLong = error instanceof UserError && error.code === 'record-too-long';
    if (sample.length === 0 && (file.format === 'json-lines' || tooLong)) throw error;
  }
  // One object of a .json file is what holds the rows, not a row.
  if (file.format === 'json' && start.startsWith('{') && sample.length < 2) {
    return 'is one object, not an array of objects: write the array of rows alone, as [{…}, {…}]';
  }
  if (sample.length === 0) {
    if (file.format === 'json') return 'holds no objects: write an array of them, as [{…}, {…}]';
    const message = `${file.name}, line ${firstBad}: not a JSON object; each line has to be one, like {"anchor": "…", "positive": "…"}`;
    throw new UserError('bad-json-line', message, { file: file.name, line: firstBad });
  }
  const columns = [...new Set(sample.flatMap((row) => [...row.keys()]))];
  return {
    file,
    columns,
    header: true,
    sample: sample.map((row) => columns.map((name) => row.get(name) ?? null)),
    dialect: array ? 'one array of objects' : 'one object per line',
    read: (context, sink) => readJson(file, columns, array, context, sink),
  };
}

async function readJson(
  file: DataFile,
  columns: readonly string[],
  array: boolean,
  context: ReadContext,
  sink: RowSink,
): Promise<void> {
  const encoding = await settleEncoding(file, context);
  const indices = new Map(columns.map((name, i) => [name, i]));
  const take = ({ text, line }: JsonText): void => {
    const row = parseObject(text);
    if (row === undefined) {
      const message = `lines that are no JSON object are left out: ${file.name}, line ${line}`;
      context.log.add('warning', 'bad-json-line', message, { file: file.name, line });
      return;
    }
    const cells = new Array<Cell>(columns.length).fill(null);
    for (const [key, cell] of row) {
      const index = indices.get(key);
      if (index !== undefined) cells[index] = cell;
    }
    sink(cells, line);
  };
  for await (const texts of array ? jsonElements(file, encoding) : jsonLines(file, encoding)) {
    context.signal?.throwIfAborted();
    let length = 0;
    for (const text of texts) {
      take(text);
      length += text.text.length;
    }
    context.advance(length);
  }
}

/** A JSON object as a Map (its keys are data, `__proto__` included); undefined for anything else. */
function parseObject(text: string): Map<string, Cell> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value).map(([key, cell]) => [key, toCell(cell)]));
  } catch {
    return undefined;
  }
}

/** A decoded value of JSON or Parquet as a cell; nested objects become their JSON text. */
export function toCell(value: unknown): Cell {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return toCell(Array.from(value as Uint8Array));
  if (Array.isArray(value)) {
    if (value.every((element) => typeof element === 'number')) return value;
    if (value.every((element) => typeof element === 'bigint')) return value.map(Number);
    return value.filter((element) => element !== null && element !== undefined).map(textOf);
  }
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
}

function textOf(value: unknown): string {
  const cell = toCell(value);
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}
