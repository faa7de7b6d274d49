import type { Camera } from './camera';

/** Bytes a point in the styles: red, green, blue, opacity (0 hides it), diameter in eighths of a pixel, ring (1) or disc (0). */
export const styleBytes = 6;

/** Draws points. Nothing is allocated from frame to frame. */
export interface Painter {
  readonly name: 'WebGL' | 'Canvas';
  /** The most points that it draws. */
  readonly limit: number;
  /** Two a point. */
  setPositions(xy: Float32Array): void;
  /** `styleBytes` a point. */
  setStyles(styles: Uint8Array): void;
  /** @param count draws the first points of `drawingOrder` only. */
  draw(camera: Camera, count: number): void;
  dispose(): void;
}

/** Points in an order of which every beginning is spread over the whole: multiples of a golden step. */
export function drawingOrder(points: number): Uint32Array<ArrayBuffer> {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, Math.round(points * 0.618034));
  // With no divisor in common with the number of points, its multiples come by each of them once.
  for (let common = divisor(step, points); common > 1; common = divisor(step, points)) step++;
  return Uint32Array.from({ length: points }, (_, i) => (i * step) % points);
}
