import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { UserError } from '../../protocol/errors';
import { toCell } from './json';
import { type Cell, sampleRows, type Table } from './table';
import type { DataFile } from './walk';

/** Rows decoded at once: bounds the memory of large row groups. */
const batchRows = 20_000;

/** @throws UserError `broken-parquet` */
export async function openParquet(file: DataFile): Promise<Table> {
  try {
    const buffer = await asyncBufferFromFile(file.path);
    const metadata = await parquetMetadataAsync(buffer);
    const total = Number(metadata.num_rows);
    const columns = topLevelColumns(metadata.schema);
    const rows = async (rowStart: number, rowEnd: number): Promise<Cell[][]> => {
      let batch: Cell[][] = [];
      await parquetRead({
        file: buffer,
        metadata,
        columns,
        compressors,
        rowStart,
        rowEnd,
        rowFormat: 'array',
        onComplete: (decoded: unknown[][]) => {
          batch = decoded.map((row) => columns.map((_, i) => toCell(row[i])));
        },
      });
      return batch;
    };
    return {
      file,
      columns,
      header: true,
      sample: await rows(0, Math.min(total, sampleRows)),
      dialect: 'parquet',
      read: async (context, sink) => {
        // Row groups are decoded whole, so batches stay within one.
        let groupStart = 0;
        for (const group of metadata.row_groups) {
          const groupEnd = groupStart + Number(group.num_rows);
          for (let start = groupStart; start < groupEnd; start += batchRows) {
            context.signal?.throwIfAborted();
            const end = Math.min(groupEnd, start + batchRows);
            const batch = await rows(start, end).catch((cause: unknown) => {
              throw broken(file, cause, start + 1);
            });
            batch.forEach((cells, i) => sink(cells, start + i + 1));
            context.advance(Math.round((file.bytes * (end - start)) / Math.max(1, total)));
          }
          groupStart = groupEnd;
        }
      },
    };
  } catch (cause) {
    throw broken(file, cause);
  }
}

/** Names of the root's children; the schema is a tree in depth-first order. */
function topLevelColumns(schema: readonly { name: string; num_children?: number }[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = schema[at++]?.num_children ?? 0;
    for (let i = 0; i < children; i++) skip();
  };
  const children = schema[0]?.num_children ?? 0;
  for (let i = 0; i < children; i++) {
    names.push(schema[at]?.name ?? '');
    skip();
  }
  return names;
}

function broken(file: DataFile, cause: unknown, row?: number): UserError {
  const where = row === undefined ? '' : ` (from row ${row} on)`;
  const message = `${file.name} cannot be read as Parquet${where}: ${(cause as Error).message}`;
  const place = { file: file.name, ...(row === undefined ? {} : { line: row }) };
  return new UserError('broken-parquet', message, place, { cause });
}
