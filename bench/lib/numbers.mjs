/**
 * The middle of the values; of an even count the upper of the two. NaN of none.
 * @param {readonly number[]} values
 */
export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/**
 * Between which values the median lies of what the values were drawn from, with a confidence of at least 95 percent: two of
 * the values, by the binomial distribution (the sign test turned round). Undefined of fewer than six.
 * @param {readonly number[]} values
 * @returns {readonly [number, number] | undefined}
 */
export function medianInterval(values) {
  const sorted = values.toSorted((a, b) => a - b);
  // So many of the lowest, and of the highest, can be left out.
  let outside = 0;
  let below = 0;
  let ways = 1;
  for (let k = 0; k < sorted.length; k++) {
    below += ways / 2 ** sorted.length;
    if (below > 0.025) break;
    outside = k + 1;
    ways = (ways * (sorted.length - k)) / (k + 1);
  }
  const [low, high] = [sorted[outside - 1], sorted[sorted.length - outside]];
  return low === undefined || high === undefined ? undefined : [low, high];
}
