import type { Embeddings } from '../embeddings';
import type { Axes } from './axes';

export interface Projected {
  /** [positions.length, 2], row-major. */
  readonly xy: Float32Array;
  /** Share of the variance of these embeddings that the two axes keep, 0 to 1; 1 where they do not vary. */
  readonly varianceKept: number;
}

/** Below this mean square the embeddings are taken to be one point. */
const noVariance = 1e-12;

/** Draws embeddings on given axes. */
export function project(
  embeddings: Embeddings,
  positions: Int32Array,
  { mean, directions }: Axes,
): Projected {
  const { data, dimensions } = embeddings;
  const [first, second] = directions;
  const xy = new Float32Array(positions.length * 2);
  const sums = new Float64Array(dimensions);
  const drawn = { x: 0, y: 0, squares: 0 };
  let squares = 0;
  for (let i = 0; i < positions.length; i++) {
    const start = (positions[i] as number) * dimensions;
    let x = 0;
    let y = 0;
    for (let c = 0; c < dimensions; c++) {
      const value = (data[start + c] as number) - (mean[c] as number);
      x += value * (first[c] as number);
      y += value * (second[c] as number);
      sums[c] = (sums[c] as number) + value;
      squares += value * value;
    }
    xy[2 * i] = x;
    xy[2 * i + 1] = y;
    drawn.x += x;
    drawn.y += y;
    drawn.squares += x * x + y * y;
  }
  const count = Math.max(1, positions.length);
  const total = squares - sums.reduce((sum, value) => sum + value * value, 0) / count;
  const kept = drawn.squares - (drawn.x ** 2 + drawn.y ** 2) / count;
  return { xy, varianceKept: total > noVariance * count ? Math.max(0, Math.min(1, kept / total)) : 1 };
}
