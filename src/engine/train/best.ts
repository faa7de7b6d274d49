import type { Layout } from '../../protocol/dataset';
import type { MetricName, Metrics } from '../../protocol/run';
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

/** The best evaluation so far: its weights and constants, copied. */
export interface Best {
  readonly step: number;
  readonly value: number;
  readonly weights: readonly NamedTensor[];
  readonly constants: readonly NamedTensor[];
}

/** Of equal values the later wins: at a lower learning rate the same figure is the steadier one. */
export function isBest(metrics: Metrics, best: Best | undefined, criterion: Criterion): boolean {
  const value = metrics[criterion.metric];
  if (value === undefined || best === undefined) return true;
  return criterion.higherIsBetter ? value >= best.value : value <= best.value;
}

/** Strictly better, by more than rounding: what early stopping waits for. */
export function improves(metrics: Metrics, best: Best | undefined, criterion: Criterion): boolean {
  const value = metrics[criterion.metric];
  if (value === undefined || best === undefined) return true;
  return criterion.higherIsBetter ? value > best.value : value < best.value;
}
