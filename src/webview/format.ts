import type { MetricName } from '../protocol/run';
import { t } from './words';

const whole = new Intl.NumberFormat('en');

/** `1,500` */
export function integer(value: number): string {
  return whole.format(value);
}

/** A loss or another figure in four significant digits: `4.852`, `0.01234`, `1.2e-7`; what is not finite is spelled out. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? t('not a number') : t('infinite');
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential(2);
  return value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : 5);
}

/** A value on an axis, without figures that say nothing. */
export function tick(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5)
    ? value.toExponential()
    : String(Number(value.toPrecision(4)));
}

const perDigit: ReadonlySet<MetricName> = new Set(['loss', 'uniformity', 'alignment', 'mi_lower_bound']);

/** A metric as it stands in tables: shares with four digits, the rank with one. */
export function metricValue(name: MetricName, value: number | undefined): string {
  if (value === undefined) return '–';
  if (!Number.isFinite(value)) return figure(value);
  if (name === 'rank') return value.toFixed(1);
  return value.toFixed(perDigit.has(name) ? 3 : 4);
}

/** A difference as a metric is written, with its sign: `+0.0312`, `-0.0040`. */
export function difference(name: MetricName, value: number): string {
  return `${value > 0 ? '+' : ''}${metricValue(name, value)}`;
}

/** `3 s`, `2 min 5 s`, `1 h 12 min` */
export function duration(seconds: number): string {
  if (seconds < 10) return t('{0} s', seconds.toFixed(1));
  const rounded = Math.round(seconds);
  if (rounded < 60) return t('{0} s', rounded);
  if (rounded < 3600) return t('{0} min {1} s', Math.floor(rounded / 60), rounded % 60);
  return t('{0} h {1} min', Math.floor(rounded / 3600), Math.floor((rounded % 3600) / 60));
}

/** `12.5 %` */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)}\u00a0%`;
}

/** `1 run`, `3 runs` */
export function counted(count: number, one: string, many: string): string {
  return `${integer(count)} ${count === 1 ? one : many}`;
}
