import { readFile } from 'node:fs/promises';
import { parse } from 'npyjs';
import { UserError } from '../../protocol/errors';
import { openDelimited } from './delimited';
import { type Cell, cellText, sampleRows, type Table } from './table';
import type { DataFile } from './walk';

/** Node reads at most 2 GiB into one buffer. */
const largest = 2 ** 31 - 1;

interface Matrix {
  readonly rows: number;
  readonly width: number;
  /** Element (row, column). */
  at(row: number, column: number): number;
}

/**
 * A matrix of numbers as a table: the column `vector`, and `label` where a file with labels lies beside it
 * (`labels` or `<name>.labels` or `<name>_labels`, as .npy, .txt or .csv).
 *
 * @throws UserError `broken-npy`, `labels-length`
 */
export async function openNpy(file: DataFile, labelFile: DataFile | undefined): Promise<Table> {
  const matrix = await readMatrix(file);
  const labels = labelFile === undefined ? undefined : await readLabels(labelFile);
  if (labelFile !== undefined && labels !== undefined && labels.length !== matrix.rows) {
    const message = `${labelFile.name} has ${labels.length} labels, ${file.name} has ${matrix.rows} rows: they must be as many`;
    throw new UserError('labels-length', message, { file: labelFile.name });
  }
  const row = (r: number): Cell[] => {
    const vector = Float64Array.from({ length: matrix.width }, (_, c) => matrix.at(r, c));
    return labels === undefined ? [vector] : [vector, labels[r] ?? ''];
  };
  return {
    file,
    columns: labels === undefined ? ['vector'] : ['vector', 'label'],
    header: true,
    sample: Array.from({ length: Math.min(matrix.rows, sampleRows) }, (_, r) => row(r)),
    dialect: `npy matrix ${matrix.rows} x ${matrix.width}${labelFile === undefined ? '' : `, labels from ${labelFile.name}`}`,
    read: async (context, sink) => {
      for (let r = 0; r < matrix.rows; r++) {
        if (r % 4096 === 0) {
          context.signal?.throwIfAborted();
          await new Promise(setImmediate);
        }
        sink(row(r), r + 1);
      }
      context.advance(file.bytes);
    },
  };
}

async function readArray(
  file: DataFile,
): Promise<{ data: ArrayLike<unknown>; shape: number[]; fortran: boolean }> {
  if (file.bytes > largest) throw broken(file, 'it is larger than 2 GiB; split it');
  const bytes = await readFile(file.path);
  try {
    const array = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    if (array.dtype.startsWith('c')) throw new Error('complex numbers');
    const data = array.data as unknown as ArrayLike<unknown>;
    const size = array.shape.reduce((a, b) => a * b, 1);
    if (!Number.isSafeInteger(size) || size !== data.length) {
      throw new Error(`its header promises ${array.shape.join(' x ')} values, it holds ${data.length}`);
    }
    return { data, shape: array.shape, fortran: array.fortranOrder };
  } catch (cause) {
    const { message } = cause as Error;
    const remedy = /dtype|complex/i.test(message)
      ? "; save it as float32, as in numpy.save(file, array.astype('float32'))"
      : '';
    throw broken(file, message + remedy);
  }
}

/** Rows are the first axis; further axes are laid out one after the other. */
async function readMatrix(file: DataFile): Promise<Matrix> {
  const { data, shape, fortran } = await readArray(file);
  const [rows = 0, ...inner] = shape;
  const width = inner.reduce((a, b) => a * b, 1);
  if (shape.length < 2 || rows === 0 || width === 0) {
    throw broken(file, `its shape is (${shape.join(', ')}); rows of numbers (two axes or more) are needed`);
  }
  if (fortran && shape.length > 2)
    throw broken(file, 'Fortran order with more than two axes is not read; save it in C order');
  if (typeof data[0] === 'string') throw broken(file, 'it holds texts, not numbers');
  return { rows, width, at: (r, c) => Number(data[fortran ? c * rows + r : r * width + c]) };
}

async function readLabels(file: DataFile): Promise<string[]> {
  if (file.format === 'npy') {
    const { data, shape } = await readArray(file);
    if (shape.length !== 1) throw broken(file, `labels must be one axis, its shape is (${shape.join(', ')})`);
    return Array.from(data, (value) => String(value));
  }
  const table = await openDelimited(file);
  if (typeof table !== 'string') {
    throw broken(file, 'a file with labels beside a matrix must have one column, one label per line');
  }
  const lines = (await readFile(file.path, 'utf8')).replace(/^\uFEFF/, '').split(/\r\n|\n/);
  if (lines.at(-1)?.trim() === '') lines.pop();
  const first = cellText(lines[0]).trim().toLowerCase();
  return (first === 'label' || first === 'labels' ? lines.slice(1) : lines).map((line) => line.trim());
}

/** Which files are labels of which matrix: those are no data sets of their own. */
export function labelFiles(files: readonly DataFile[]): Map<DataFile, DataFile> {
  const labelsOf = new Map<DataFile, DataFile>();
  for (const matrix of files) {
    if (matrix.format !== 'npy' || isLabels(matrix.name)) continue;
    const folder = matrix.name.slice(0, matrix.name.lastIndexOf('/') + 1);
    const stem = matrix.name.slice(folder.length, -'.npy'.length);
    const wanted = [`${stem}.labels`, `${stem}_labels`, 'labels'].flatMap((base) =>
      ['npy', 'txt', 'csv'].map((extension) => `${folder}${base}.${extension}`.toLowerCase()),
    );
    const found = wanted.map((name) => files.find((file) => file.name.toLowerCase() === name)).find(Boolean);
    if (found !== undefined) labelsOf.set(matrix, found);
  }
  return labelsOf;
}

function isLabels(name: string): boolean {
  return /(^|[/._-])labels\.npy$/i.test(name);
}

function broken(file: DataFile, reason: string): UserError {
  return new UserError('broken-npy', `${file.name} cannot be read: ${reason}`, { file: file.name });
}
