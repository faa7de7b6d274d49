import type { MetricName } from '../protocol/run';

/** Whether less of a metric is better; undefined where neither is. */
export function lowerIsBetter(name: MetricName): boolean | undefined {
  switch (name) {
    case 'loss':
    case 'alignment':
      return true;
    case 'uniformity':
    case 'rank':
    case 'mi_lower_bound':
      return undefined;
    case 'recall@1':
    case 'recall@10':
    case 'mrr@10':
    case 'ndcg@10':
    case 'map@100':
    case 'knn_accuracy':
    case 'triplet_accuracy':
    case 'pair_roc_auc':
    case 'pair_average_precision':
    case 'spearman':
    case 'anomaly_roc_auc':
      return false;
  }
}
