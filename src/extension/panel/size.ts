/** Bytes of a message on its way to the page: JSON, with typed arrays beside it. */
export function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  // A control character of one byte takes six as JSON.
  if (typeof value === 'string') return Buffer.byteLength(JSON.stringify(value));
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + sizeOf(part) + 1, 2);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).reduce((sum, [key, part]) => sum + sizeOf(key) + 2 + sizeOf(part), 2);
  }
  return String(value).length;
}

/** The first of them, as many as fit. */
export function firstThatFit<T>(values: readonly T[], bytes: number): readonly T[] {
  let sum = 0;
  const end = values.findIndex((value) => {
    sum += sizeOf(value) + 1;
    return sum > bytes;
  });
  return end < 0 ? values : values.slice(0, end);
}
