import type { Bounds, Camera } from './camera';

/** A point's place in pixels, or in the plane: x, y, x, y … */
export type Coordinates = Float32Array | readonly number[];

const at = (values: Coordinates, index: number): number => values[index] as number;

/** Points that are not shown do not count. */
export type Shown = (index: number) => boolean;

export function boundsOf(xy: Float32Array): Bounds {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    left = Math.min(left, at(xy, i));
    right = Math.max(right, at(xy, i));
    bottom = Math.min(bottom, at(xy, i + 1));
    top = Math.max(top, at(xy, i + 1));
  }
  return left > right ? { left: -1, right: 1, bottom: -1, top: 1 } : { left, right, bottom, top };
}

/** The shown point nearest to a place on the screen, within `reach` pixels. */
export function nearest(
  xy: Float32Array,
  shown: Shown,
  camera: Camera,
  screenX: number,
  screenY: number,
  reach: number,
): number | undefined {
  const x = camera.x + (screenX - camera.width / 2) / camera.scale;
  const y = camera.y - (screenY - camera.height / 2) / camera.scale;
  let best = (reach / camera.scale) ** 2;
  let found: number | undefined;
  for (let i = 0; i < xy.length / 2; i++) {
    const distance = (at(xy, 2 * i) - x) ** 2 + (at(xy, 2 * i + 1) - y) ** 2;
    if (distance > best || !shown(i)) continue;
    best = distance;
    found = i;
  }
  return found;
}

/** Whether the point lies within the polygon, by the parity of the edges to its right. */
function isInside(x: number, y: number, polygon: Coordinates): boolean {
  let inside = false;
  let fromX = at(polygon, polygon.length - 2);
  let fromY = at(polygon, polygon.length - 1);
  for (let i = 0; i < polygon.length; i += 2) {
    const toX = at(polygon, i);
    const toY = at(polygon, i + 1);
    if (toY > y !== fromY > y && x < ((fromX - toX) * (y - toY)) / (fromY - toY) + toX) inside = !inside;
    fromX = toX;
    fromY = toY;
  }
  return inside;
}

/** Indices of the shown points within a polygon of screen coordinates. */
export function pointsInside(
  xy: Float32Array,
  shown: Shown,
  camera: Camera,
  polygon: readonly number[],
): Int32Array {
  // A polygon of a few hundred corners is carried to the plane once, rather than every point to the screen.
  const corners = Float32Array.from(polygon, (value, i) =>
    i % 2 === 0
      ? camera.x + (value - camera.width / 2) / camera.scale
      : camera.y - (value - camera.height / 2) / camera.scale,
  );
  const { left, right, bottom, top } = boundsOf(corners);
  const found = new Int32Array(xy.length / 2);
  let count = 0;
  for (let i = 0; i < found.length; i++) {
    const x = at(xy, 2 * i);
    const y = at(xy, 2 * i + 1);
    if (x < left || x > right || y < bottom || y > top) continue;
    if (shown(i) && isInside(x, y, corners)) found[count++] = i;
  }
  return found.slice(0, count);
}

export interface LabelGroup {
  /** Index into the labels, `otherLabel` or `noLabel`. */
  readonly label: number;
  readonly count: number;
  /** Mean place. */
  readonly x: number;
  readonly y: number;
}

/** The labels that occur, the most frequent first. */
export function labelGroups(xy: Float32Array, labels: Uint16Array): LabelGroup[] {
  const sums = new Map<number, { count: number; x: number; y: number }>();
  labels.forEach((label, i) => {
    let sum = sums.get(label);
    if (sum === undefined) sums.set(label, (sum = { count: 0, x: 0, y: 0 }));
    sum.count++;
    sum.x += at(xy, 2 * i);
    sum.y += at(xy, 2 * i + 1);
  });
  return [...sums]
    .map(([label, { count, x, y }]) => ({ label, count, x: x / count, y: y / count }))
    .sort((a, b) => b.count - a.count || a.label - b.label);
}
