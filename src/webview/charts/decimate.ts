export type Column = ArrayLike<number>;
export type Range = readonly [min: number, max: number];

/** As many points are drawn as they are; of more, those that shape the line. */
const drawnAsTheyAre = 4000;

/** The first index whose value is at least `value`, in an ascending column. */
export function lowerBound(column: Column, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index whose value is nearest, in an ascending column that is not empty. */
export function nearest(column: Column, value: number): number {
  const after = Math.min(lowerBound(column, value), column.length - 1);
  if (after === 0) return 0;
  return value - (column[after - 1] as number) <= (column[after] as number) - value ? after - 1 : after;
}

/**
 * Which points of a line to draw: all that are in the range and one on each side; where they are too many, of each pixel
 * column the first, lowest, highest and last, so that no spike is lost and the picture is that of all of them.
 * @param xs ascending.
 * @param pixels width of the range on screen.
 * @returns indices, ascending.
 */
export function decimate(xs: Column, ys: Column, [min, max]: Range, pixels: number): number[] {
  const from = Math.max(0, lowerBound(xs, min) - 1);
  const to = Math.min(xs.length, lowerBound(xs, max) + 2);
  const kept: number[] = [];
  if (to - from <= drawnAsTheyAre) {
    for (let i = from; i < to; i++) kept.push(i);
    return kept;
  }
  const perPixel = (max - min) / Math.max(1, pixels);
  const pixelOf = (i: number): number => Math.floor(((xs[i] as number) - min) / perPixel);
  let first = from;
  while (first < to) {
    const pixel = pixelOf(first);
    let lowest = first;
    let highest = first;
    let next = first + 1;
    for (; next < to && pixelOf(next) === pixel; next++) {
      // Written so that a number comes before what is none.
      if (!((ys[next] as number) >= (ys[lowest] as number))) lowest = better(ys, next, lowest);
      if (!((ys[next] as number) <= (ys[highest] as number))) highest = better(ys, next, highest);
    }
    for (const i of [first, Math.min(lowest, highest), Math.max(lowest, highest), next - 1])
      if (kept.at(-1) !== i) kept.push(i);
    first = next;
  }
  return kept;
}

/** The one of two places that holds a number; the first, where both do. */
function better(ys: Column, next: number, kept: number): number {
  return Number.isNaN(ys[next]) ? kept : next;
}

/**
 * One value for each half pixel, the last in it, so that many lines share few places on the axis and can be joined.
 * @returns places and values, ascending.
 */
export function onGrid(xs: Column, ys: Column, [min, max]: Range, pixels: number): [number[], number[]] {
  const from = Math.max(0, lowerBound(xs, min) - 1);
  const to = Math.min(xs.length, lowerBound(xs, max) + 2);
  const spacing = (max - min) / Math.max(1, 2 * pixels);
  const places: number[] = [];
  const values: number[] = [];
  for (let i = from; i < to; i++) {
    const place = min + Math.round(((xs[i] as number) - min) / spacing) * spacing;
    if (places.at(-1) !== place) places.push(place);
    values[places.length - 1] = ys[i] as number;
  }
  return [places, values];
}
