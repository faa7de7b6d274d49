import type { Dataset } from './dataset';
import { knownPositives } from './positives';
import { positivePairs } from './scores';

/**
 * Mean over the training rows of the expected number of other rows in a random batch (drawn without replacement) whose
 * positive is a known positive of the row too. Closed form, from counts: with `c` such rows among the other `n - 1`, a batch
 * of `b` rows is expected to hold `c (b - 1) / (n - 1)` of them.
 */
export function expectedFalseNegatives(dataset: Dataset, batchSize: number): number {
  const { total, rows } = clashes(dataset);
  if (rows < 2) return 0;
  const others = Math.min(batchSize, rows) - 1;
  return ((total / rows) * others) / (rows - 1);
}

/** Ordered pairs of different training rows of which the second's positive is known to belong to the first. */
function clashes(dataset: Dataset): { total: number; rows: number } {
  const relations = dataset.splits.get('train')?.relations;
  if (relations === undefined) return { total: 0, rows: 0 };
  if (relations.type === 'members') {
    const sizes = new Float64Array(dataset.labels.length);
    for (const item of relations.item) {
      const label = dataset.items.label[item] as number;
      if (label >= 0) sizes[label] = (sizes[label] as number) + 1;
    }
    return { total: sizes.reduce((sum, size) => sum + size * (size - 1), 0), rows: relations.item.length };
  }
  const { anchor, positive } = positivePairs(dataset, 'train');
  const known = knownPositives(dataset, 'train');
  const uses = new Int32Array(dataset.items.count);
  for (const item of positive) uses[item] = (uses[item] as number) + 1;
  let total = 0;
  for (const item of anchor) {
    // Its own row is among those of its positives.
    total -= 1;
    for (const partner of known.of(item)) total += uses[partner] as number;
  }
  return { total, rows: anchor.length };
}
