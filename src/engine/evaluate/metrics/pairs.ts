import { type NumericArray, refuseNaN, share } from './numbers';

/**
 * Area under the ROC curve: the probability that a positive scores above a negative, a tie counting half.
 * `undefined` where either side is empty.
 */
export function rocAuc(positives: NumericArray, negatives: NumericArray): number | undefined {
  let losses = 0;
  for (const { above, tied, hits } of groups(positives, negatives)) {
    losses += hits * (above.negatives + tied / 2);
  }
  const lost = share(losses, positives.length * negatives.length);
  return lost === undefined ? undefined : 1 - lost;
}

/**
 * Average precision without interpolation, Σ (Rᵢ − Rᵢ₋₁) Pᵢ over the distinct scores, as scikit-learn has it; equal
 * scores enter together. `undefined` without positives.
 */
export function averagePrecision(positives: NumericArray, negatives: NumericArray): number | undefined {
  let sum = 0;
  for (const { above, tied, hits } of groups(positives, negatives)) {
    const found = above.positives + hits;
    sum += (hits * found) / (found + above.negatives + tied);
  }
  return share(sum, positives.length);
}

/** Share of triplets whose positive scores strictly above their negative; `undefined` for none. */
export function tripletAccuracy(positive: NumericArray, negative: NumericArray): number | undefined {
  sameLength(positive, negative);
  refuseNaN(positive, 'positive score');
  refuseNaN(negative, 'negative score');
  let right = 0;
  for (let i = 0; i < positive.length; i++) {
    if ((positive[i] as number) > (negative[i] as number)) right++;
  }
  return share(right, positive.length);
}

/**
 * Spearman's rank correlation: Pearson's, of ranks, equal values sharing their mean rank. `undefined` where it does not
 * exist: fewer than two values, or one side constant.
 */
export function spearman(first: NumericArray, second: NumericArray): number | undefined {
  sameLength(first, second);
  const a = averageRanks(first);
  const b = averageRanks(second);
  const mean = (a.length + 1) / 2;
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) - mean;
    const y = (b[i] as number) - mean;
    covariance += x * y;
    varianceA += x * x;
    varianceB += y * y;
  }
  if (varianceA === 0 || varianceB === 0) return undefined;
  return covariance / (Math.sqrt(varianceA) * Math.sqrt(varianceB));
}

/** Ranks from 1; equal values get the mean of the ranks they span. */
function averageRanks(values: NumericArray): Float64Array {
  refuseNaN(values, 'value');
  const order = Uint32Array.from(values, (_, i) => i).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  );
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    const value = values[order[start] as number];
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === value) end++;
    for (let i = start; i < end; i++) ranks[order[i] as number] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

interface Group {
  /** How many of each kind score higher. */
  readonly above: { readonly positives: number; readonly negatives: number };
  /** Positives, and negatives, at this very score. */
  readonly hits: number;
  readonly tied: number;
}

/** The distinct scores that a positive has, from the highest down, by merging the two sorted sides. */
function* groups(positives: NumericArray, negatives: NumericArray): Generator<Group> {
  refuseNaN(positives, 'positive score');
  refuseNaN(negatives, 'negative score');
  const up = Float64Array.from(positives).sort();
  const down = Float64Array.from(negatives).sort();
  let p = up.length - 1;
  let n = down.length - 1;
  while (p >= 0) {
    const score = up[p] as number;
    while (n >= 0 && (down[n] as number) > score) n--;
    const above = { positives: up.length - 1 - p, negatives: down.length - 1 - n };
    const [firstP, firstN] = [p, n];
    while (p >= 0 && up[p] === score) p--;
    while (n >= 0 && down[n] === score) n--;
    yield { above, hits: firstP - p, tied: firstN - n };
  }
}

function sameLength(a: NumericArray, b: NumericArray): void {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
}
