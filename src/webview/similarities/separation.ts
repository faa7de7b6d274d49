/** Counts of cosines in equal bins over -1 to 1. */
export interface Histogram {
  readonly positives: Uint32Array;
  readonly negatives: Uint32Array;
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Shares of all, that add up to 1. */
export function shares(counts: Uint32Array): Float64Array {
  const total = sum(counts);
  return Float64Array.from(counts, (count) => (total === 0 ? 0 : count / total));
}

/** Lower edge of a bin, on the axis from -1 to 1. */
export function edge(bin: number, bins: number): number {
  return -1 + (2 * bin) / bins;
}

/** How much of the two distributions lies on top of each other: 0 (apart) to 1 (the same). */
export function overlap({ positives, negatives }: Histogram): number {
  const others = shares(negatives);
  return shares(positives).reduce((total, share, i) => total + Math.min(share, others[i] as number), 0);
}

/** The chance that a positive pair is more alike than a negative one; pairs within a bin count half. */
export function rocAuc({ positives, negatives }: Histogram): number {
  const others = shares(negatives);
  let below = 0;
  return shares(positives).reduce((total, share, i) => {
    const here = others[i] as number;
    const won = share * (below + here / 2);
    below += here;
    return total + won;
  }, 0);
}

/** Mean cosine, taking every pair for the middle of its bin. */
export function mean(counts: Uint32Array): number {
  const width = 2 / counts.length;
  return shares(counts).reduce((total, share, i) => total + share * (edge(i, counts.length) + width / 2), 0);
}

/** What calling pairs `same` from a threshold on gets right. */
export interface Decision {
  /** Share of the positives called same. */
  readonly truePositives: number;
  /** Share of the negatives called same. */
  readonly falsePositives: number;
  /** Share of the pairs called same that are; undefined where none is. */
  readonly precision: number | undefined;
  /** Mean of the share of positives and of the negatives that are called right: as many of each do not matter. */
  readonly balancedAccuracy: number;
  /** Share of all pairs that are called right. */
  readonly accuracy: number;
}

/** @param bin the first bin whose pairs are called same: a threshold at its lower edge. */
export function decide({ positives, negatives }: Histogram, bin: number): Decision {
  const same = sum(positives.subarray(bin));
  const wrong = sum(negatives.subarray(bin));
  const [allSame, allOther] = [sum(positives), sum(negatives)];
  const truePositives = allSame === 0 ? 0 : same / allSame;
  const falsePositives = allOther === 0 ? 0 : wrong / allOther;
  return {
    truePositives,
    falsePositives,
    precision: same + wrong === 0 ? undefined : same / (same + wrong),
    balancedAccuracy: (truePositives + 1 - falsePositives) / 2,
    accuracy: (same + allOther - wrong) / Math.max(1, allSame + allOther),
  };
}

/** The bin whose lower edge parts the two best, by balanced accuracy. */
export function bestThreshold(histogram: Histogram): number {
  let best = 0;
  let value = -1;
  for (let bin = 0; bin <= histogram.positives.length; bin++) {
    const { balancedAccuracy } = decide(histogram, bin);
    if (balancedAccuracy > value) [best, value] = [bin, balancedAccuracy];
  }
  return best;
}
