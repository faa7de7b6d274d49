/**
 * The middle of the values; of an even count the upper of the two. NaN of none.
 * @param {readonly number[]} values
 */
export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
