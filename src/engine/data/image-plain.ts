import { decode } from 'fast-png';

/** Chunks that say nothing about the pixels: a file with others (palette, transparency, profile, orientation, …) is not plain. */
const harmless = new Set([
  'IHDR',
  'IDAT',
  'IEND',
  'bKGD',
  'cHRM',
  'gAMA',
  'hIST',
  'pHYs',
  'sBIT',
  'sRGB',
  'tIME',
]);
const signatureBytes = 8;
/** A chunk's length, type and checksum. */
const chunkFrame = 12;
/** Larger pictures gain more from libvips' threads than they lose by its start. */
const largestSide = 128;

/** A picture whose file holds its pixels as they are. */
export interface PlainImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** `[height, width, channels]`, 0..255. */
  readonly pixels: Uint8Array;
}

/**
 * Decodes a small PNG of 8-bit grey or RGB with nothing to it, which is what image datasets are made of: starting libvips for
 * one takes ten times as long as decoding it. Undefined for every other file, the damaged ones too: libvips says what is wrong.
 */
export function decodePlain(file: Buffer): PlainImage | undefined {
  if (!isPlain(file)) return undefined;
  try {
    const { width, height, channels, depth, data } = decode(file, { checkCrc: true });
    const known =
      depth === 8 && (channels === 1 || channels === 3) && data.length === width * height * channels;
    return known ? { width, height, channels, pixels: Uint8Array.from(data) } : undefined;
  } catch {
    return undefined;
  }
}

/** From the names of the chunks and the first of them, before anything is decoded: a small file can hold a huge picture. */
function isPlain(file: Buffer): boolean {
  if (file.length < signatureBytes + 2 * chunkFrame || file.toString('latin1', 1, 4) !== 'PNG') return false;
  let at = signatureBytes;
  for (; at + chunkFrame <= file.length; at += chunkFrame + file.readUInt32BE(at)) {
    if (!harmless.has(file.toString('latin1', at + 4, at + 8))) return false;
  }
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  return at === file.length && Math.max(width, height) <= largestSide;
}
