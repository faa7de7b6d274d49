import type { EpochRows } from './plan';

/** What one batch compares: row i asks with `query[i]`, `positive[i]` is its answer. */
export interface BatchItems {
  readonly query: Int32Array;
  readonly positive: Int32Array;
  /** Row-major [rows, m]; -1 where a row was given fewer. */
  readonly negatives: Int32Array;
}

/** The items of some rows. */
export function batchItems(rows: EpochRows, batch: Int32Array): BatchItems {
  const { negativesPerRow } = rows;
  const negatives = new Int32Array(batch.length * negativesPerRow);
  for (const [i, row] of batch.entries())
    negatives.set(
      rows.negatives.subarray(row * negativesPerRow, (row + 1) * negativesPerRow),
      i * negativesPerRow,
    );
  return {
    query: batch.map((row) => rows.anchor[row] as number),
    positive: batch.map((row) => rows.positive[row] as number),
    negatives,
  };
}

/** Queries, positives, negatives in one array; where a row has fewer negatives its positive fills in, and is masked. */
export function stack({ query, positive, negatives }: BatchItems): Int32Array {
  const rows = query.length;
  const perRow = negatives.length / rows;
  const filled = negatives.map((item, at) =>
    item >= 0 ? item : (positive[Math.floor(at / perRow)] as number),
  );
  const all = new Int32Array(2 * rows + filled.length);
  all.set(query);
  all.set(positive, rows);
  all.set(filled, 2 * rows);
  return all;
}
