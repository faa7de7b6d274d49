import type { Items } from './dataset';

const known = new WeakMap<Items, Int32Array>();

/** The first item with the same content: for vectors and images, which are an item per row or file. Texts and ids differ. */
export function equalItems(items: Items): (item: number) => number {
  const { vectors, pixels } = items;
  if (vectors === undefined && pixels === undefined) return (item) => item;
  let same = known.get(items);
  if (same === undefined) {
    same =
      vectors === undefined
        ? equalRows(pixels?.data ?? new Uint8Array(0), (pixels?.size ?? 0) ** 2 * (pixels?.channels ?? 1))
        : equalRows(vectors.data, vectors.width);
    known.set(items, same);
  }
  const first = same;
  return (item) => first[item] as number;
}

/**
 * For every row of `width` values the index of the first row with the same bytes: equal vectors or equal pictures.
 * Rows are compared by a 52-bit hash first and to the byte then.
 */
function equalRows(data: Float32Array | Uint8Array, width: number): Int32Array {
  const bytesPerRow = width * data.BYTES_PER_ELEMENT;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const count = bytesPerRow === 0 ? 0 : Math.floor(bytes.length / bytesPerRow);
  const first = new Map<number, number>();
  const same = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const start = row * bytesPerRow;
    const end = start + bytesPerRow;
    let a = 0x811c9dc5;
    let b = 0x9747b28c;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x5bd1e995);
      b ^= b >>> 15;
    }
    const hash = (a >>> 0) * 2 ** 20 + (b >>> 12);
    const known = first.get(hash);
    const other = known === undefined ? -1 : known * bytesPerRow;
    if (known !== undefined && bytes.compare(bytes, other, other + bytesPerRow, start, end) === 0)
      same[row] = known;
    else {
      if (known === undefined) first.set(hash, row);
      same[row] = row;
    }
  }
  return same;
}
