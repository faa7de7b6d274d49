import type uPlot from 'uplot';
import { colour } from './colours';
import type { Figure, Level } from './figure';

const labelHeight = 13;

/** The levels that lie so near the curves that they do not flatten them. */
export function levelsInSight(levels: readonly Level[], [min, max]: readonly [number, number]): Level[] {
  const near = 0.6 * (max - min);
  return levels.filter(({ value }) => value >= min - near && value <= max + near);
}

/**
 * Where names can stand without touching: each where it wants to, else higher; where the top is reached, lower.
 * @param wanted baselines from the top down, pixels from the top.
 */
export function nameBaselines(wanted: readonly number[], top: number, height: number): number[] {
  const baselines = [...wanted];
  for (let i = baselines.length - 2; i >= 0; i--)
    baselines[i] = Math.min(baselines[i] as number, (baselines[i + 1] as number) - height);
  let highest = top;
  return baselines.map((baseline) => {
    const placed = Math.max(baseline, highest);
    highest = placed + height;
    return placed;
  });
}

/** Draws levels with their names, and the slider's place, over the curves. One beyond the scale is named at its edge. */
export function drawLevels(plot: uPlot, { levels = [], marker }: Figure): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = ratio;
  if (marker !== undefined) {
    ctx.strokeStyle = colour('--vscode-focusBorder');
    const x = Math.round(plot.valToPos(marker, 'x', true)) + 0.5;
    line(ctx, x, bbox.top, x, bbox.top + bbox.height);
  }
  ctx.strokeStyle = colour('--quiet');
  ctx.fillStyle = colour('--quiet');
  ctx.font = `${11 * ratio}px ${colour('--vscode-font-family')}`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'alphabetic';
  const { min, max } = plot.scales['y'] ?? {};
  const [top, bottom] = [bbox.top, bbox.top + bbox.height];
  const right = bbox.left + bbox.width - 4 * ratio;
  const named = [...levels]
    .sort((a, b) => b.value - a.value)
    .map(({ value, label, dash }) => {
      if (value > (max ?? 0)) return { name: `↑ ${label}`, dash, y: top };
      if (value < (min ?? 0)) return { name: `↓ ${label}`, dash, y: bottom };
      return { name: label, dash, y: Math.round(plot.valToPos(value, 'y', true)) + 0.5, isLine: true };
    });
  const baselines = nameBaselines(
    named.map(({ y }) => y - 3 * ratio),
    top + 10 * ratio,
    labelHeight * ratio,
  );
  for (const [i, { name, dash, y, isLine = false }] of named.entries()) {
    ctx.setLineDash(dash.map((length) => length * ratio));
    if (isLine) line(ctx, bbox.left, y, bbox.left + bbox.width, y);
    const baseline = baselines[i] as number;
    halo(ctx, name, right, baseline, ratio);
    ctx.fillText(name, right, baseline);
  }
  ctx.restore();
}

/** Keeps letters readable over lines. */
function halo(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, ratio: number): void {
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = colour('--vscode-editor-background');
  ctx.lineWidth = 3 * ratio;
  ctx.lineJoin = 'round';
  ctx.strokeText(text, x, y);
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
