import { type Judged, judge, type Standing } from '../engine/run/judgement';
import { formatMetric, modelFreeNames } from '../engine/run/words';
import type { ItemKind } from '../protocol/dataset';
import { type Baselines, type Metrics, metricNames } from '../protocol/run';
import { integer, table } from './text';

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

function list(some: readonly Standing[]): string {
  return some.map((other) => `${other.name} (${formatMetric(other.value)})`).join(' and ');
}

/** Whether training was worth it, in a sentence. */
export function verdict(metrics: Metrics, baselines: Baselines, judged: Judged): string | undefined {
  const judgement = judge(metrics, baselines.untrained, baselines.model_free, judged);
  if (judgement === undefined) return undefined;
  const { metric, value, standings } = judgement;
  const seen = metrics.split === 'train' ? ' (of the training rows themselves, which says little)' : '';
  const result = `${metric} ${formatMetric(value)}${seen}`;
  const worse = standings.filter(({ standing }) => standing === 'below');
  if (worse.length > 0) return `BELOW THE BASELINE: ${result} is worse than ${list(worse)}.`;
  const level = standings.filter(({ standing }) => standing === 'level');
  if (level.length > 0)
    return `LEVEL WITH THE BASELINE: ${result} is below ${list(level)} by less than the sampling error of ${integer(judged.rows)} rows.`;
  return `${result} is at least as good as ${list(standings)}.`;
}
