import { rankTopK } from '../engine/evaluate/metrics/top-k';
import type { RunFolder } from '../engine/run/folder';
import type { ItemRow } from '../engine/run/items-file';
import { UserError } from '../protocol/errors';

/** A run's items with their embeddings, row by row. */
export interface Embedded {
  readonly items: readonly ItemRow[];
  /** Row-major [items, dimensions], L2-normalised. */
  readonly embeddings: Float32Array;
  readonly dimensions: number;
}

export interface Neighbour {
  readonly rank: number;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
  readonly item: ItemRow;
}

/** @throws UserError where the run has none, or the two files do not belong together. */
export async function readEmbedded(run: RunFolder): Promise<Embedded> {
  const { tensors } = await run.readEmbeddings();
  const items = await run.readItems();
  const tensor = tensors.find(({ name }) => name === 'embeddings');
  const [rows, dimensions] = tensor?.shape ?? [];
  if (!(tensor?.data instanceof Float32Array) || rows !== items.length || dimensions === undefined) {
    throw new UserError(
      'damaged-run',
      `run ${run.id}: embeddings.safetensors does not belong to the ${items.length} rows of items.jsonl: restore them, or train again`,
      { file: run.path },
    );
  }
  return { items, embeddings: tensor.data, dimensions };
}

/**
 * The rows that are answers. Where items are queries and documents these are the documents, as in the run's own recall;
 * else every item.
 */
export function candidateRows(items: readonly ItemRow[]): Int32Array {
  const all = Int32Array.from(items.keys());
  const documents = all.filter((row) => ['document', 'both'].includes(items[row]?.role ?? ''));
  return documents.length === 0 ? all : documents;
}

/** The row of an item by its id. @throws UserError with what ids look like, when there is none. */
export function rowOf(items: readonly ItemRow[], id: string): number {
  const row = items.findIndex((item) => item.id === id);
  if (row >= 0) return row;
  throw new UserError(
    'no-such-item',
    `no item has the id "${id}"; ids stand in items.jsonl of the run, the first is "${items[0]?.id}"`,
  );
}

/**
 * The `k` candidates most similar to a query [dimensions], best first, equal ones in the order of the items.
 * @param exclude a row that is left out: the query itself.
 */
export function nearest(
  { items, embeddings, dimensions }: Embedded,
  query: Float32Array,
  candidates: Int32Array,
  { k, exclude = -1 }: { k: number; exclude?: number },
): Neighbour[] {
  const similarities = Float32Array.from(candidates, (row) => {
    let sum = 0;
    const start = row * dimensions;
    for (let i = 0; i < dimensions; i++) sum += (embeddings[start + i] as number) * (query[i] as number);
    // Rounding must not show a cosine beyond 1.
    return Math.max(-1, Math.min(1, sum));
  });
  const best = rankTopK(similarities, k, candidates.indexOf(exclude));
  return Array.from(best, (position, i) => ({
    rank: i + 1,
    similarity: similarities[position] as number,
    item: items[candidates[position] as number] as ItemRow,
  }));
}
