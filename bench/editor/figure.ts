import { median, medianInterval } from '../lib/numbers.mjs';

/** Something that the issue of the editor puts a bound on, as it was measured. */
export interface Figure {
  readonly name: string;
  /** The bound is on the median of the samples, or on the worst of them. */
  readonly of: 'median' | 'worst';
  readonly samples: readonly number[];
  /** Written behind the number: `ms`, `KB`, … */
  readonly unit: string;
  /** The most that is allowed; absent for what is told beside a figure. */
  readonly bound?: number;
}

/** What counts of the samples. */
export function measured({ of, samples }: Figure): number {
  return of === 'median' ? median(samples) : Math.max(...samples);
}

/** Whether a figure keeps its bound; one that was never measured does not. */
export function isKept(figure: Figure): boolean {
  if (figure.samples.length === 0) return false;
  return figure.bound === undefined || measured(figure) <= figure.bound;
}

function digits(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(Math.abs(value) < 10 ? 3 : Math.abs(value) < 100 ? 1 : 0);
}

/** Where the median of many samples lies with 95 percent confidence. */
function certainty({ of, samples, unit }: Figure): string {
  const interval = of === 'median' ? medianInterval(samples) : undefined;
  return interval === undefined ? '' : ` (95 %: ${digits(interval[0])} to ${digits(interval[1])} ${unit})`;
}

/** The rows of a table in Markdown, the two lines of its head first. */
export function table(figures: readonly Figure[]): string[] {
  return [
    '| figure | bound | measured | samples |',
    '| --- | --- | --- | --- |',
    ...figures.map((figure) => {
      const { name, of, samples, unit, bound } = figure;
      const limit = bound === undefined ? '' : `${digits(bound)} ${unit}`;
      const verdict = isKept(figure) ? '' : ' **missed**';
      const word = samples.length > 1 ? `, ${of}${certainty(figure)}` : '';
      return `| ${name} | ${limit} | ${digits(measured(figure))} ${unit}${word}${verdict} | ${samples.map(digits).join(' ')} |`;
    }),
  ];
}
