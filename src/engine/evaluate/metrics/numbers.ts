/** Scores or coordinates as they come out of a tensor or a computation. */
export type NumericArray = Float32Array | Float64Array;

/**
 * Mean of a ratio metric over what was counted; `undefined` where nothing was, so that a metric that does not apply is
 * absent rather than 0 or NaN.
 */
export function share(sum: number, count: number): number | undefined {
  return count === 0 ? undefined : sum / count;
}

/**
 * @throws Error naming the first NaN. A NaN compares false with everything and would slip through a ranking as if it were
 * the worst score; where it came from is a bug upstream, not the user's.
 */
export function refuseNaN(values: NumericArray, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) throw new Error(`${what} ${i} is NaN`);
  }
}

/**
 * Checks row-major `[rows, width]` and gives the number of rows.
 * @throws Error where the length does not fit the width, or naming the first row that holds NaN or an infinity.
 */
export function checkedRowCount(rows: NumericArray, width: number): number {
  if (!Number.isInteger(width) || width < 1 || rows.length % width !== 0) {
    throw new Error(`${rows.length} values do not make rows of width ${width}`);
  }
  for (let i = 0; i < rows.length; i++) {
    if (!Number.isFinite(rows[i])) {
      throw new Error(`row ${Math.floor(i / width)}, column ${i % width} is ${rows[i]}`);
    }
  }
  return rows.length / width;
}
