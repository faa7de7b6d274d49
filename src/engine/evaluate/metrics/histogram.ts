import type { NumericArray } from './numbers';

/** Counts of cosines on the fixed axis −1 … 1, so that histograms of different steps and runs lie on each other. */
export interface SimilarityHistogram {
  /** Equal bins; bin `i` covers [−1 + 2i/bins, −1 + 2(i+1)/bins), and the last one 1 too. */
  readonly bins: number;
  readonly positives: Uint32Array;
  readonly negatives: Uint32Array;
}

/** How far float32 rounding may carry a cosine over ±1. */
const rounding = 1e-3;

/** @throws Error naming the first value that is no cosine. */
export function similarityHistogram(
  positives: NumericArray,
  negatives: NumericArray,
  bins = 100,
): SimilarityHistogram {
  return {
    bins,
    positives: count(positives, bins, 'positive'),
    negatives: count(negatives, bins, 'negative'),
  };
}

function count(values: NumericArray, bins: number, what: string): Uint32Array {
  const counts = new Uint32Array(bins);
  const edge = (bin: number): number => -1 + (2 * bin) / bins;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!(Math.abs(value) <= 1 + rounding)) throw new Error(`${what} ${i} is ${value}, which is no cosine`);
    let bin = Math.min(bins - 1, Math.max(0, Math.floor(((value + 1) / 2) * bins)));
    // The division may round across an edge; the edges as they are written decide.
    if (bin > 0 && value < edge(bin)) bin--;
    else if (bin < bins - 1 && value >= edge(bin + 1)) bin++;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}
