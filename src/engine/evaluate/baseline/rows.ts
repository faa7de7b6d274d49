/**
 * Rows scaled to length 1, so that a dot product is a cosine: raw pixels or raw vectors as a model-free embedding. Rows
 * of zeros stay zeros. Lengths are summed in float64, where the square of every float32 is a normal number.
 * @param data row-major `[rows, width]`; bytes count as 0 … 255. @returns float32 of the same shape.
 * @throws Error naming a row that holds NaN or an infinity, or where the length does not fit the width.
 */
export function normaliseRows(data: Float32Array | Uint8Array, width: number): Float32Array {
  if (!Number.isInteger(width) || width < 1 || data.length % width !== 0) {
    throw new Error(`${data.length} values do not make rows of width ${width}`);
  }
  const result = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += width) {
    let squares = 0;
    for (let i = start; i < start + width; i++) squares += (data[i] as number) ** 2;
    if (!Number.isFinite(squares)) throw new Error(`row ${start / width} holds a number that is not finite`);
    const norm = Math.sqrt(squares);
    if (norm === 0) continue;
    for (let i = start; i < start + width; i++) result[i] = (data[i] as number) / norm;
  }
  return result;
}
