import type { EvaluationView, PanelState, RunDetails } from '../../protocol/panel';
import type { Column } from '../charts/decimate';
import { integer } from '../format';
import { stepsPerEpoch } from '../run';
import type { Series } from '../series';

export type AxisName = NonNullable<PanelState['axis']>;

/** What stands on the x axis: a column of the run, times a factor. */
export interface Axis {
  readonly name: AxisName;
  /** Column value to axis value. */
  readonly factor: number;
  readonly column: (series: Series) => Column;
  readonly ofEvaluation: (evaluation: EvaluationView) => number;
  readonly format: (x: number) => string;
}

/** `1:40`, `1:02:05` */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const rest = String(whole % 60).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

export function axisOf(name: AxisName, record: RunDetails): Axis {
  if (name === 'time')
    return {
      name,
      factor: 1,
      column: (series) => series.seconds,
      ofEvaluation: ({ seconds }) => seconds,
      format: (x) => (x < 10 && !Number.isInteger(x) ? `${x.toFixed(1)} s` : clock(x)),
    };
  const factor = name === 'epoch' ? 1 / stepsPerEpoch(record) : 1;
  return {
    name,
    factor,
    column: (series) => series.step,
    ofEvaluation: ({ step }) => step * factor,
    format: (x) => (Number.isInteger(x) ? integer(x) : String(Number(x.toFixed(2)))),
  };
}
