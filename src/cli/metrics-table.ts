import { criterionOf, standardError } from '../engine/train/best';
import type { ItemKind, Layout } from '../protocol/dataset';
import { type Baselines, type Metrics, metricNames } from '../protocol/run';
import { integer, table } from './text';
import { modelFreeNames } from './words';

export function formatMetric(value: number | undefined): string {
  if (value === undefined) return '-';
  return Math.abs(value) < 10 || !Number.isFinite(value) ? value.toFixed(4) : value.toPrecision(4);
}

/** Metrics side by side, one row each, in the order of the contract; those that apply to none are left out. */
export function metricsTable(columns: readonly (readonly [title: string, metrics: Metrics])[]): string[] {
  const present = metricNames.filter((name) => columns.some(([, metrics]) => metrics[name] !== undefined));
  const [first] = columns;
  const head = [first?.[1].split ?? '', ...columns.map(([title]) => title)];
  const rows = present.map((name): string[] =>
    [name as string].concat(columns.map(([, metrics]) => formatMetric(metrics[name]))),
  );
  return table([head, ...rows], ['left', ...columns.map(() => 'right' as const)]);
}

/** The trained model beside what it started from and what needs no model. */
export function resultTable(metrics: Metrics, baselines: Baselines, kind: ItemKind): string[] {
  return metricsTable([
    ['trained', metrics],
    ['untrained', baselines.untrained],
    [modelFreeNames[kind], baselines.model_free],
  ]);
}

/**
 * Whether training was worth it, by the metric that training itself goes by. A baseline that is better by less than two
 * standard errors of `rows` rows counts as level: two images of 360 are no finding.
 */
export function verdict(
  metrics: Metrics,
  baselines: Baselines,
  { layout, kind, rows }: { layout: Layout; kind: ItemKind; rows: number },
): string | undefined {
  const { metric, higherIsBetter } = criterionOf(layout);
  const value = metrics[metric];
  if (value === undefined) return undefined;
  const others = [
    ['the untrained model', baselines.untrained[metric]],
    [modelFreeNames[kind], baselines.model_free[metric]],
  ].filter((other): other is [string, number] => other[1] !== undefined);
  if (others.length === 0) return undefined;
  const list = (some: readonly (readonly [string, number])[]): string =>
    some.map(([name, figure]) => `${name} (${formatMetric(figure)})`).join(' and ');
  const below = others.filter(([, figure]) => (higherIsBetter ? value < figure : value > figure));
  const seen = metrics.split === 'train' ? ' (of the training rows themselves, which says little)' : '';
  const result = `${metric} ${formatMetric(value)}${seen}`;
  const worse = below.filter(
    ([, figure]) => Math.abs(value - figure) > 2 * standardError(metric, figure, rows),
  );
  if (worse.length > 0) return `BELOW THE BASELINE: ${result} is worse than ${list(worse)}.`;
  if (below.length > 0)
    return `LEVEL WITH THE BASELINE: ${result} is below ${list(below)} by less than the sampling error of ${integer(rows)} rows.`;
  return `${result} is at least as good as ${list(others)}.`;
}
