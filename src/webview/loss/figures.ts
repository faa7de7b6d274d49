import uPlot from 'uplot';
import type { EvaluationView, RunDetails } from '../../protocol/panel';
import type { MetricName } from '../../protocol/run';
import { type Column, decimate, type Range } from '../charts/decimate';
import type { CursorAt, Figure, Level } from '../charts/figure';
import { metricValue, figure as plain, tick } from '../format';
import { evaluatedOn, splitOf } from '../metrics';
import type { Series } from '../series';
import { t } from '../words';
import type { Axis } from './axis';

/** What the charts of a run have in common. */
export interface Scene {
  readonly record: RunDetails;
  readonly series: Series;
  readonly smoothed: Float64Array;
  readonly evaluated: readonly EvaluationView[];
  readonly axis: Axis;
  readonly range: Range;
  readonly logScale: boolean;
  readonly version: string;
  readonly marker: number | undefined;
  readonly cursor: CursorAt;
  readonly onCursor: Figure['onCursor'];
  readonly onZoom: Figure['onZoom'];
  readonly onMove: Figure['onMove'];
}

type Drawn = (number | null)[];

/** Values as a chart takes them: what is not a number, or cannot stand on its scale, is a gap. */
function drawable(values: readonly number[], logScale = false): Drawn {
  return values.map((value) => (Number.isFinite(value) && (!logScale || value > 0) ? value : null));
}

/** The steps to draw, and any columns at them. */
function steps(
  { series, axis: { column, factor } }: Scene,
  leading: Column,
  columns: readonly Column[],
  [min, max]: Range,
  pixels: number,
  logScale = false,
): [number[], ...Drawn[]] {
  const xs = column(series);
  const kept = decimate(xs, leading, [min / factor, max / factor], pixels);
  return [
    kept.map((i) => (xs[i] as number) * factor),
    ...columns.map((values) =>
      drawable(
        kept.map((i) => values[i] as number),
        logScale,
      ),
    ),
  ];
}

function evaluations(
  { evaluated, axis }: Scene,
  value: (evaluation: EvaluationView) => number | undefined,
  logScale = false,
): [number[], Drawn] {
  return [
    evaluated.map(axis.ofEvaluation),
    drawable(
      evaluated.map((evaluation) => value(evaluation) ?? Number.NaN),
      logScale,
    ),
  ];
}

function shared(scene: Scene): Omit<Figure, 'label' | 'height' | 'curves' | 'data' | 'formatY'> {
  const { version, range, axis, marker, cursor, onCursor, onZoom, onMove } = scene;
  const wholeX = axis.name === 'step';
  return { version, range, formatX: axis.format, wholeX, marker, cursor, onCursor, onZoom, onMove };
}

/** `5.545 (ln 256)`, where the chance level is the logarithm of a number of candidates and not a mean of two. */
export function chanceWords({ candidates, chance }: NonNullable<RunDetails['bounds']>): string {
  const isLogarithm = Math.abs(Math.log(candidates) - chance) < 1e-3;
  return isLogarithm ? t('{0} (ln {1})', plain(chance), Number(candidates.toFixed(1))) : plain(chance);
}

function lossLevels({ record: { bounds }, evaluated }: Scene): Level[] {
  const [first] = evaluated;
  const untrained = first?.step === 0 ? first.metrics.loss : undefined;
  return [
    ...(untrained === undefined
      ? []
      : [
          {
            value: untrained,
            label: t('untrained, on {0} {1}', splitOf(evaluated), plain(untrained)),
            dash: [2, 3],
          },
        ]),
    ...(bounds === undefined
      ? []
      : [
          { value: bounds.chance, label: t('chance {0}', chanceWords(bounds)), dash: [6, 4] },
          { value: bounds.floor, label: t('least possible {0}', plain(bounds.floor)), dash: [2, 3] },
        ]),
  ];
}

export function lossFigure(scene: Scene): Figure {
  const { series, smoothed, logScale, evaluated } = scene;
  return {
    ...shared(scene),
    label: t('Loss of training and {0}', evaluatedOn(evaluated)),
    height: 280,
    logScale,
    curves: [
      { label: t('train, each step'), ink: '--faint-1', width: 1 },
      { label: t('train, smoothed'), ink: '--series-1', width: 2 },
      { label: evaluatedOn(evaluated), ink: '--series-2', width: 1, dash: [4, 4], points: 7 },
    ],
    data: (range, pixels) =>
      uPlot.join([
        steps(scene, series.loss, [series.loss, smoothed], range, pixels, logScale),
        evaluations(scene, ({ metrics }) => metrics.loss, logScale),
      ]),
    formatY: tick,
    levels: lossLevels(scene),
  };
}

export function learningRateFigure(scene: Scene): Figure {
  const { learningRate } = scene.series;
  return {
    ...shared(scene),
    label: t('Learning rate'),
    height: 130,
    curves: [{ label: t('learning rate'), ink: '--series-3' }],
    data: (range, pixels) => steps(scene, learningRate, [learningRate], range, pixels),
    formatY: tick,
  };
}

/** A metric of the evaluations, with what the untrained model and the model-free baseline reach. */
export function metricFigure(scene: Scene, metric: MetricName): Figure {
  const { evaluated, record, axis } = scene;
  const levels: Level[] = [];
  const [first] = evaluated;
  const untrained = first?.step === 0 ? first.metrics[metric] : undefined;
  if (untrained !== undefined)
    levels.push({
      value: untrained,
      label: t('untrained {0}', metricValue(metric, untrained)),
      dash: [2, 3],
    });
  const modelFree = first?.modelFree?.[metric];
  if (modelFree !== undefined)
    levels.push({
      value: modelFree,
      label: t('model-free {0}', metricValue(metric, modelFree)),
      dash: [6, 4],
    });
  const best = evaluated.find(({ step }) => step === record.best?.step);
  return {
    ...shared(scene),
    label: t('{0} on {1}', metric, splitOf(evaluated)),
    height: 130,
    curves: [
      { label: metric, ink: '--series-2', points: 5 },
      { label: t('kept weights'), ink: '--series-4', width: 0, points: 10 },
    ],
    data: () =>
      uPlot.join([
        evaluations(scene, ({ metrics }) => metrics[metric]),
        best === undefined
          ? [[], []]
          : [[axis.ofEvaluation(best)], drawable([best.metrics[metric] ?? Number.NaN])],
      ]),
    formatY: tick,
    levels,
  };
}
