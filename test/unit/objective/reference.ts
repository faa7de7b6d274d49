import type { Negatives } from '../../../src/protocol/run';

export type Rows = readonly (readonly number[])[];

export interface Inputs {
  readonly query: Rows;
  readonly positive: Rows;
  /** m of each row, one row's after the other's. */
  readonly negatives?: Rows;
}

/** Whether a candidate is hidden: `candidate` counts the positives, then the negatives. */
export type Hidden = (row: number, candidate: number) => boolean;

export interface Form {
  readonly temperature: number;
  readonly symmetric: boolean;
  readonly negatives: Negatives;
}

const none: Hidden = () => false;

function dot(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const norm = (x: readonly number[]): number => Math.max(Math.sqrt(dot(x, x)), 1e-12);
  return dot(a, b) / norm(a) / norm(b);
}

/** -ln of the share of `own` among `own` and `others`. */
function surprise(own: number, others: readonly number[]): number {
  const all = [own, ...others];
  const most = Math.max(...all);
  return Math.log(all.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) + most - own;
}

/** InfoNCE row by row in float64, written from its definition: hidden candidates are not in the sum at all. */
export function reference(inputs: Inputs, form: Form, hidden = none, hiddenBack = none): number {
  const { query, positive, negatives = [] } = inputs;
  const rows = query.length;
  const perRow = negatives.length / rows;
  const counts = (row: number, candidate: number): boolean => {
    const explicit = candidate >= rows;
    const ownNegative = explicit && Math.floor((candidate - rows) / perRow) === row;
    switch (form.negatives) {
      case 'in-batch':
        return !explicit;
      case 'explicit-shared':
        return explicit;
      case 'explicit-paired':
        return ownNegative;
      case 'both':
        return true;
    }
  };
  const candidates = [...positive, ...negatives];
  const logit = (a: readonly number[], b: readonly number[]): number => cosine(a, b) / form.temperature;
  const mean = (losses: readonly number[]): number => losses.reduce((a, b) => a + b, 0) / rows;
  const forward = query.map((asking, row) =>
    surprise(
      logit(asking, positive[row] as readonly number[]),
      candidates.flatMap((candidate, at) =>
        at !== row && counts(row, at) && !hidden(row, at) ? [logit(asking, candidate)] : [],
      ),
    ),
  );
  if (!form.symmetric || form.negatives.startsWith('explicit')) return mean(forward);
  const backward = positive.map((asking, row) =>
    surprise(
      logit(asking, query[row] as readonly number[]),
      query.flatMap((other, at) => (at !== row && !hiddenBack(row, at) ? [logit(asking, other)] : [])),
    ),
  );
  return (mean(forward) + mean(backward)) / 2;
}

/** Central differences of `value` in every coordinate of `rows`; `value` is taken on a changed copy. */
export function slopes(rows: Rows, value: (changed: Rows) => number, step = 1e-5): number[] {
  return rows.flatMap((row, r) =>
    row.map((_, c) => {
      const moved = (by: number): number =>
        value(rows.map((one, i) => (i === r ? one.map((x, j) => (j === c ? x + by : x)) : one)));
      return (moved(step) - moved(-step)) / (2 * step);
    }),
  );
}
