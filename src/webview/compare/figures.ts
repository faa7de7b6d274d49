import uPlot from 'uplot';
import type { EvaluationView, RunDetails, RunHead } from '../../protocol/panel';
import type { MetricName } from '../../protocol/run';
import { onGrid, type Range } from '../charts/decimate';
import type { Figure } from '../charts/figure';
import { tick } from '../format';
import { type Axis, type AxisName, axisOf } from '../loss/axis';
import type { Series } from '../series';
import { t } from '../words';
import { curveOf } from './ink';

/** A run as it is compared. */
export interface Compared {
  readonly head: RunHead;
  /** What it is called beside the others. */
  readonly name: string;
  readonly record: RunDetails;
  readonly series: Series;
  readonly smoothed: Float64Array;
  readonly evaluated: readonly EvaluationView[];
  /** Place in the list, by which it is drawn. */
  readonly index: number;
}

/** What the charts have in common, and how they answer. */
export type Scene = Pick<
  Figure,
  'range' | 'version' | 'cursor' | 'onCursor' | 'onZoom' | 'onMove' | 'formatX'
> & {
  readonly runs: readonly Compared[];
  readonly axis: AxisName;
  readonly logScale: boolean;
};

function joined(
  { runs, axis: name }: Scene,
  columnsOf: (run: Compared, axis: Axis) => readonly [ArrayLike<number>, ArrayLike<number>],
  [min, max]: Range,
  pixels: number,
  logScale: boolean,
): uPlot.AlignedData {
  if (runs.length === 0) return [[]];
  return uPlot.join(
    runs.map((run) => {
      const axis = axisOf(name, run.record);
      const [xs, ys] = columnsOf(run, axis);
      const { factor } = axis;
      const [places, values] = onGrid(xs, ys, [min / factor, max / factor], pixels);
      return [
        // Runs of different lengths meet in the same places: to as many digits as a pixel has.
        places.map((place) => Number((place * factor).toPrecision(9))),
        values.map((value) => (Number.isFinite(value) && (!logScale || value > 0) ? value : null)),
      ];
    }),
  );
}

function figureOf(scene: Scene, rest: Pick<Figure, 'label' | 'height' | 'data'> & Partial<Figure>): Figure {
  const { runs, range, version, cursor, onCursor, onZoom, onMove, formatX } = scene;
  return {
    range,
    version,
    cursor,
    onCursor,
    onZoom,
    onMove,
    formatX,
    formatY: tick,
    curves: runs.map(({ name, index }) => curveOf(index, name)),
    ...rest,
  };
}

export function lossesFigure(scene: Scene): Figure {
  const { logScale } = scene;
  return figureOf(scene, {
    label: t('Training loss of each run, smoothed'),
    height: 280,
    logScale,
    data: (range, pixels) =>
      joined(scene, ({ series, smoothed }, axis) => [axis.column(series), smoothed], range, pixels, logScale),
  });
}

/** @param split what the runs were evaluated on while they trained. */
export function metricFigure(scene: Scene, metric: MetricName, split: string): Figure {
  return figureOf(scene, {
    label: t('{0} on {1} of each run', metric, split),
    height: 200,
    curves: scene.runs.map(({ name, index }) => ({ ...curveOf(index, name), points: 5 })),
    data: (range, pixels) =>
      joined(
        scene,
        ({ evaluated }, { ofEvaluation, factor }) => [
          evaluated.map((evaluation) => ofEvaluation(evaluation) / factor),
          evaluated.map(({ metrics }) => metrics[metric] ?? Number.NaN),
        ],
        range,
        pixels,
        false,
      ),
  });
}
