import type { Painter } from './painter';
import { CanvasPainter } from './painter-canvas';
import { WebGlPainter } from './painter-webgl';

/** WebGL where the page has it, else Canvas. */
export function createPainter(canvas: HTMLCanvasElement): Painter {
  const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
  if (gl !== null) return new WebGlPainter(gl);
  const context = canvas.getContext('2d');
  if (context !== null) return new CanvasPainter(context);
  throw new Error('This page can draw neither with WebGL nor on a canvas.');
}
