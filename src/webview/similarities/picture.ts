import { type SVGTemplateResult, svg } from 'lit';
import { type Histogram, shares } from './separation';

/** The picture's own units: the axis from -1 to 1, and the highest bin. */
export const pictureWidth = 200;
const height = 100;

/** The outline of a distribution as steps; closed down to the axis where it is to be filled. */
function outline(counts: Uint32Array, highest: number, closed: boolean): string {
  const width = pictureWidth / counts.length;
  const points = Array.from(shares(counts), (share, i) => {
    const y = (height - (share / highest) * height).toFixed(2);
    return `L${(i * width).toFixed(2)} ${y}L${((i + 1) * width).toFixed(2)} ${y}`;
  });
  return `M0 ${height}${points.join('')}L${pictureWidth} ${height}${closed ? 'Z' : ''}`;
}

/** Both distributions at the slider, the first evaluation as a ghost, and the threshold between them. */
export function picture(
  now: Histogram,
  first: Histogram | undefined,
  thresholdBin: number,
): SVGTemplateResult {
  const shown = [now.positives, now.negatives, ...(first ? [first.positives, first.negatives] : [])];
  const highest = 1.05 * Math.max(...shown.map((counts) => Math.max(...shares(counts))), 1e-9);
  const x = (thresholdBin / now.positives.length) * pictureWidth;
  return svg`
    ${
      first
        ? svg`<path class="ghost ink-2" d=${outline(first.negatives, highest, false)} />
          <path class="ghost ink-1" d=${outline(first.positives, highest, false)} />`
        : ''
    }
    <path class="filled ink-2" d=${outline(now.negatives, highest, true)} />
    <path class="filled ink-1" d=${outline(now.positives, highest, true)} />
    <line class="threshold" x1=${x} x2=${x} y1="0" y2=${height} />`;
}
