import uPlot from 'uplot';
import { colour } from './colours';
import type { Figure } from './figure';
import { drawLevels, levelsInSight } from './levels';

/** Room for the figures beside the axis, by the longest of them. */
function axisSize(_plot: uPlot, values: string[] | null): number {
  return 16 + 6.6 * Math.max(3, ...(values ?? []).map((text) => text.length));
}

// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- uPlot's enumeration exists in its types only
const logarithmic: uPlot.Scale = { distr: 3 };

function yRange(figure: Figure, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  const levels = levelsInSight(figure.levels ?? [], [min, max]).map(({ value }) => value);
  const low = Math.min(min, ...levels.filter((value) => value > 0 || figure.logScale !== true));
  const high = Math.max(max, ...levels);
  if (figure.logScale === true) return uPlot.rangeLog(low, high, 10, false);
  return uPlot.rangeNum(low, high, 0.08, true);
}

const powers = Array.from({ length: 25 }, (_, i) => 10 ** (i - 12));
/** Distances between the lines of a grid. */
const increments = powers.flatMap((power) => [power, 2 * power, 2.5 * power, 5 * power]);
const wholeIncrements = increments.filter(Number.isInteger);

function axis(format: () => (value: number) => string): uPlot.Axis {
  const grid = { stroke: () => colour('--grid'), width: 1 };
  return {
    stroke: () => colour('--quiet'),
    font: `11px ${colour('--vscode-font-family')}`,
    grid,
    ticks: { ...grid, size: 4 },
    values: (_plot, splits) => splits.map((value) => (value === null ? '' : format()(value))),
  };
}

/** What uPlot draws for a figure. Its parts that change are asked of `figure()` at each drawing. */
export function plotOptions(figure: () => Figure, width: number): uPlot.Options {
  const { curves, height, logScale = false } = figure();
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 16, 0, 0],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 7, width: 1 },
      bind: {
        dblclick: () => () => {
          figure().onZoom(undefined);
          return null;
        },
      },
    },
    scales: {
      x: { time: false, range: () => [...figure().range] },
      y: { ...(logScale && logarithmic), range: (_plot, min, max) => yRange(figure(), min, max) },
    },
    axes: [
      {
        ...axis(() => figure().formatX),
        size: 26,
        space: 64,
        incrs: () => (figure().wholeX === true ? wholeIncrements : increments),
      },
      { ...axis(() => figure().formatY), size: axisSize, space: 32 },
    ],
    series: [
      {},
      ...curves.map(
        ({ label, ink, width = 1.5, dash, points, hidden = false }): uPlot.Series => ({
          label,
          show: !hidden,
          stroke: () => colour(ink),
          width,
          dash: [...(dash ?? [])],
          spanGaps: true,
          points:
            points === undefined ? { show: false } : { show: true, size: points, fill: () => colour(ink) },
        }),
      ),
    ],
    hooks: {
      draw: [(plot) => drawLevels(plot, figure())],
      setCursor: [
        (plot) => {
          const { left = -1 } = plot.cursor;
          figure().onCursor(left < 0 ? undefined : plot.posToVal(left, 'x'));
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width > 0) figure().onZoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}
