/**
 * Numbers that are further from what is expected than `tolerance` (relative, or absolute where the expected value is
 * below 1), each in words; none where all is well. NaN is far from everything.
 */
export function beyond(
  actual: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
): readonly string[] {
  if (actual.length !== expected.length) return [`${actual.length} numbers instead of ${expected.length}`];
  return expected.flatMap((value, i) => {
    const error = Math.abs((actual[i] as number) - value) / Math.max(1, Math.abs(value));
    return error <= tolerance ? [] : [`[${i}] is ${actual[i]} instead of ${value}`];
  });
}
