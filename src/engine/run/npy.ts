import { dump } from 'npyjs';
import { commitFile } from './files';

/** Commits a float32 matrix [rows, columns] (row-major) as NumPy's `.npy`. @throws UserError when it cannot be written. */
export async function writeMatrix(file: string, data: Float32Array, columns: number): Promise<void> {
  await commitFile(file, new Uint8Array(dump(data, [data.length / columns, columns])));
}

/** What comes before the values of a float32 matrix in a `.npy`, for one that is written row by row. */
export function matrixHeader(rows: number, columns: number): Uint8Array {
  return new Uint8Array(dump(new Float32Array(0), [rows, columns]));
}
