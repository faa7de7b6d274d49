import type { ItemKind, Layout } from '../../protocol/dataset';
import type { MetricName, Metrics } from '../../protocol/run';
import { criterionOf, standardError } from '../train/best';
import { modelFreeNames } from './words';

/** How the trained model compares with one that is not. */
export interface Standing {
  readonly name: string;
  readonly value: number;
  /** `below`: it lost to this one; `level`: it lost by less than the sampling error. */
  readonly standing: 'below' | 'level' | 'at least as good';
}

export interface Judgement {
  readonly metric: MetricName;
  readonly value: number;
  readonly standings: readonly Standing[];
}

export interface Judged {
  readonly layout: Layout;
  readonly kind: ItemKind;
  /** Rows behind the figures. */
  readonly rows: number;
}

/**
 * Whether training was worth it, by the metric that training itself goes by. Less than two standard errors of the rows
 * below another counts as level: two images of 360 are no finding. Undefined where there is nothing to compare.
 * @param modelFree absent where it is not known yet.
 */
export function judge(
  metrics: Metrics,
  untrained: Metrics,
  modelFree: Metrics | undefined,
  { layout, kind, rows }: Judged,
): Judgement | undefined {
  const { metric, higherIsBetter } = criterionOf(layout);
  const value = metrics[metric];
  if (value === undefined) return undefined;
  const standings = [
    ['the untrained model', untrained[metric]],
    [modelFreeNames[kind], modelFree?.[metric]],
  ]
    .filter((other): other is [string, number] => other[1] !== undefined)
    .map(([name, figure]): Standing => {
      const below = higherIsBetter ? value < figure : value > figure;
      if (!below) return { name, value: figure, standing: 'at least as good' };
      const clear = Math.abs(value - figure) > 2 * standardError(metric, figure, rows);
      return { name, value: figure, standing: clear ? 'below' : 'level' };
    });
  return standings.length === 0 ? undefined : { metric, value, standings };
}
