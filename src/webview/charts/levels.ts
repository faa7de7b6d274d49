import type uPlot from 'uplot';
import { colour } from './colours';
import type { Figure, Level } from './figure';

const labelHeight = 13;

/** The levels that lie so near the curves that they do not flatten them. */
export function levelsInSight(levels: readonly Level[], [min, max]: readonly [number, number]): Level[] {
  const near = 0.6 * (max - min);
  return levels.filter(({ value }) => value >= min - near && value <= max + near);
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
  const bottom = bbox.top + bbox.height;
  let below = Number.POSITIVE_INFINITY;
  // From the lowest up, each name above its line and above the name before.
  for (const { value, label, dash } of [...levels].sort((a, b) => a.value - b.value)) {
    const beyond = value > (max ?? 0) ? '↑ ' : value < (min ?? 0) ? '↓ ' : '';
    const y = beyond === '' ? Math.round(plot.valToPos(value, 'y', true)) + 0.5 : undefined;
    if (y !== undefined) {
      ctx.setLineDash(dash.map((length) => length * ratio));
      line(ctx, bbox.left, y, bbox.left + bbox.width, y);
    }
    const edge = beyond === '↓ ' ? bottom : bbox.top;
    const textY = Math.min((y ?? edge) - 3 * ratio, below - labelHeight * ratio);
    const right = bbox.left + bbox.width - 4 * ratio;
    const baseline = Math.max(textY, bbox.top + 10 * ratio);
    halo(ctx, beyond + label, right, baseline, ratio);
    ctx.fillText(beyond + label, right, baseline);
    below = textY;
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
