import type { Layout } from '../../protocol/dataset';
import type { MetricName } from '../../protocol/run';
import type { NamedTensor } from '../run/tensors';

/** The dev metric that decides which weights are kept, and whether more of it is better. */
export interface Criterion {
  readonly metric: MetricName;
  readonly higherIsBetter: boolean;
}

export function criterionOf(layout: Layout): Criterion {
  switch (layout) {
    case 'pairs':
    case 'triplets':
      return { metric: 'mrr@10', higherIsBetter: true };
    case 'scored-pairs':
      return { metric: 'spearman', higherIsBetter: true };
    case 'labelled-texts':
    case 'labelled-images':
    case 'labelled-vectors':
      return { metric: 'knn_accuracy', higherIsBetter: true };
    case 'interactions':
      return { metric: 'ndcg@10', higherIsBetter: true };
    case 'images':
    case 'vectors':
      return { metric: 'loss', higherIsBetter: false };
  }
}

/** The evaluation whose weights are kept: its weights and constants, copied. */
export interface Best {
  readonly step: number;
  /** What it scored. */
  readonly value: number;
  /** The best score of any evaluation so far. */
  readonly peak: number;
  readonly weights: readonly NamedTensor[];
  readonly constants: readonly NamedTensor[];
}

/**
 * Whether an evaluation is as good as the best one: within one standard error of it (the one-standard-error rule,
 * Breiman et al. 1984). A dev split of 70 images moves by five points from evaluation to evaluation by chance; without
 * the rule the luckiest early one would be kept, though the weights at the low end of the learning rate are better.
 * @param queries number of dev queries behind the value.
 */
export function asGood(
  value: number,
  peak: number,
  queries: number,
  { metric, higherIsBetter }: Criterion,
): boolean {
  if (!higherIsBetter) return value <= peak;
  return value >= peak - standardError(metric, peak, queries);
}

/** Of a share the binomial one; of a rank correlation (1 - r²) / sqrt(n - 1). Of a loss it is not known: 0. */
export function standardError(metric: MetricName, value: number, queries: number): number {
  if (queries < 2 || metric === 'loss') return 0;
  if (metric === 'spearman') return (1 - value ** 2) / Math.sqrt(queries - 1);
  return Math.sqrt(Math.max(0, value * (1 - value)) / queries);
}
