import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectTopK, type TopK } from '../../../src/engine/evaluate/metrics/top-k';
import { Slices } from '../../../src/engine/slices';

/** Values that test/reference/make_metrics.py computed. */
export function fixture(name: string): unknown {
  const path = join(import.meta.dirname, '../../fixtures/metrics', `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as unknown;
}

export type Rows = readonly (readonly number[])[];

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

export function unit(row: readonly number[]): readonly number[] {
  const norm = Math.sqrt(dot(row, row));
  return row.map((value) => (norm === 0 ? 0 : value / norm));
}

export function flat(rows: Rows): Float64Array {
  return Float64Array.from(rows.flat());
}

/** Nearest candidates of each query by dot product, from first principles. */
export async function nearest(queries: Rows, candidates: Rows, k: number): Promise<TopK> {
  const rank = (query: number) => ({
    scores: Float64Array.from(candidates, (row) => dot(queries[query] as readonly number[], row)),
    exclude: -1,
  });
  return await collectTopK(queries.length, k, rank, new Slices());
}
