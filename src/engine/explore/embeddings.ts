import { UserError } from '../../protocol/errors';
import type { TensorFile } from '../run/safetensors';

/** Some items of a run with their embeddings. */
export interface Embeddings {
  /** Rows of `items.jsonl`, ascending; each once. */
  readonly rows: Int32Array;
  /** Row-major [rows.length, dimensions], L2-normalised. */
  readonly data: Float32Array;
  readonly dimensions: number;
}

/** One row's embedding, without a copy. */
export function embeddingAt({ data, dimensions }: Embeddings, at: number): Float32Array {
  return data.subarray(at * dimensions, (at + 1) * dimensions);
}

/** Those at some positions, ascending, in an array of their own. */
export function select(embeddings: Embeddings, positions: Int32Array): Embeddings {
  const { rows, dimensions } = embeddings;
  const data = new Float32Array(positions.length * dimensions);
  for (const [i, position] of positions.entries())
    data.set(embeddingAt(embeddings, position), i * dimensions);
  return { rows: positions.map((position) => rows[position] as number), data, dimensions };
}

/** Where a row of `items.jsonl` stands among the embeddings, -1 where it is not among them. */
export function positionOf({ rows }: Embeddings, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as number) < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] === row ? low : -1;
}

/**
 * Takes a matrix of embeddings out of a tensor file, with the tensor that names their rows where there is one.
 * @param items number of items of the run.
 * @throws UserError `damaged-run` where they are not embeddings of this run's items.
 */
export function toEmbeddings(
  { tensors }: TensorFile,
  { file, items, matrix, named }: { file: string; items: number; matrix: string; named?: string },
): Embeddings {
  const values = tensors.find(({ name }) => name === matrix);
  const [count, dimensions] = values?.shape ?? [];
  const names = named === undefined ? undefined : tensors.find(({ name }) => name === named)?.data;
  const rows = named === undefined ? Int32Array.from({ length: items }, (_, row) => row) : names;
  const data = values?.data;
  const whole = data instanceof Float32Array && values?.shape.length === 2;
  if (!whole || !dimensions || !(rows instanceof Int32Array) || rows.length !== count)
    throw damaged(file, `it does not belong to the ${items} rows of items.jsonl`);
  if (rows.some((row, at) => row < 0 || row >= items || (at > 0 && row <= (rows[at - 1] as number))))
    throw damaged(file, 'its rows are not rows of items.jsonl in their order');
  if (!allFinite(data)) throw damaged(file, 'it holds values that are no numbers');
  return { rows, data, dimensions };
}

function allFinite(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}

function damaged(file: string, why: string): UserError {
  return new UserError('damaged-run', `${file} cannot be used: ${why}; restore it, or train again`, { file });
}
