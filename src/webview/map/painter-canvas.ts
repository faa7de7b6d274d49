import type { Camera } from './camera';
import { drawingOrder, type Painter, styleBytes } from './painter';

/** For pages without WebGL: a few thousand points, drawn one by one. */
export class CanvasPainter implements Painter {
  readonly name = 'Canvas';
  readonly limit = 5000;
  #xy = new Float32Array();
  #styles = new Uint8Array();
  #order = new Uint32Array();

  constructor(private readonly context: CanvasRenderingContext2D) {}

  setPositions(xy: Float32Array): void {
    if (xy.length !== this.#xy.length) this.#order = drawingOrder(xy.length / 2);
    this.#xy = xy.slice();
  }

  setStyles(styles: Uint8Array): void {
    this.#styles = styles.slice();
  }

  draw(camera: Camera, count: number): void {
    const { context } = this;
    const { width, height } = context.canvas;
    const pixelRatio = width / camera.width;
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    const drawn = Math.min(count, this.limit, this.#order.length);
    for (let i = 0; i < drawn; i++) this.#point(camera, this.#order[i] as number);
  }

  dispose(): void {
    this.#order = new Uint32Array();
  }

  #point(camera: Camera, index: number): void {
    const [red, green, blue, opacity = 0, eighths = 0, ring] = this.#styles.subarray(
      styleBytes * index,
      styleBytes * (index + 1),
    );
    if (opacity === 0) return;
    const { context } = this;
    const colour = `rgb(${red} ${green} ${blue} / ${opacity / 255})`;
    const x = camera.screenX(this.#xy[2 * index] as number);
    const y = camera.screenY(this.#xy[2 * index + 1] as number);
    context.beginPath();
    context.arc(x, y, eighths / 16, 0, 2 * Math.PI);
    if (ring === 1) {
      context.strokeStyle = colour;
      context.stroke();
    } else {
      context.fillStyle = colour;
      context.fill();
    }
  }
}
