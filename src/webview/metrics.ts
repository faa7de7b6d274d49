import type { EvaluationView } from '../protocol/panel';
import { type MetricName, type Metrics, metricNames } from '../protocol/run';
import { difference } from './format';
import { t } from './words';

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

/** The metrics that any of these has, in the order of the contract. */
export function metricsOf(of: readonly (Metrics | undefined)[]): MetricName[] {
  return metricNames.filter((name) => of.some((metrics) => metrics?.[name] !== undefined));
}

/** How a metric stands against another's, by sign and word: `+0.0312 better`; only the sign where neither is better. */
export function against(name: MetricName, value: number, other: number): string {
  const by = value - other;
  const text = difference(name, by);
  // To the digits that are shown.
  if (Number(text) === 0) return t('same');
  const lower = lowerIsBetter(name);
  if (lower === undefined) return text;
  return by < 0 === lower ? t('{0} better', text) : t('{0} worse', text);
}

/** What is looked at while training: dev, or train where the data has no dev. */
export function splitOf(evaluated: readonly EvaluationView[]): string {
  return evaluated[0]?.metrics.split ?? 'dev';
}

/** The same beside the losses of the steps, which are of train as well. */
export function evaluatedOn(evaluated: readonly EvaluationView[]): string {
  const split = splitOf(evaluated);
  return split === 'train' ? t('evaluated on train') : split;
}
