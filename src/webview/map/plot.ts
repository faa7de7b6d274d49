import { Camera } from './camera';
import { createPainter } from './create-painter';
import { boundsOf, nearest, pointsInside, type Shown } from './geometry';
import { Motion } from './motion';
import { Pace } from './pace';
import { type Painter, styleBytes } from './painter';

const reach = 10;
const noPoints = new Float32Array();

/** The points of the map on a canvas: what is drawn, from where it is looked at, and what is under the pointer. */
export class Plot {
  readonly #pace = new Pace();
  readonly #resize = new ResizeObserver(() => this.#measure());
  #painter: Painter;
  #motion = new Motion(noPoints, noPoints);
  #styles = new Uint8Array();
  #frame: number | undefined;
  #measured = false;

  /**
   * @param camera kept by the caller.
   * @param drawn called after every frame, to place what lies over the points.
   * @throws where the page can draw neither with WebGL nor on a canvas.
   */
  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly camera: Camera,
    private readonly drawn: () => void,
  ) {
    this.#painter = createPainter(canvas);
    this.#resize.observe(canvas);
    canvas.addEventListener('webglcontextlost', this.#lost);
    canvas.addEventListener('webglcontextrestored', this.#restored);
  }

  get painter(): Pick<Painter, 'name' | 'limit'> {
    return this.#painter;
  }

  /** Where the points are now, on their way included. */
  get xy(): Float32Array {
    return this.#motion.now;
  }

  /** @param from where they come from, to let them move. `setStyles` follows. */
  setPoints(xy: Float32Array, from = xy): void {
    this.#motion = new Motion(from, xy);
    this.#painter.setPositions(this.xy);
    if (!this.camera.moved) this.fit();
    this.#draw();
  }

  setStyles(styles: Uint8Array<ArrayBuffer>): void {
    this.#styles = styles;
    this.#painter.setStyles(styles);
    this.#draw();
  }

  fit(): void {
    this.camera.fit(boundsOf(this.#motion.to));
    this.#draw();
  }

  pan(across: number, down: number): void {
    this.camera.pan(across, down);
    this.#moved();
  }

  zoom(factor: number, x?: number, y?: number): void {
    this.camera.zoom(factor, x, y);
    this.#moved();
  }

  nearest(x: number, y: number): number | undefined {
    return nearest(this.xy, this.#shown, this.camera, x, y, reach);
  }

  inside(polygon: readonly number[]): Int32Array {
    return pointsInside(this.xy, this.#shown, this.camera, polygon);
  }

  dispose(): void {
    this.#resize.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.canvas.removeEventListener('webglcontextlost', this.#lost);
    this.canvas.removeEventListener('webglcontextrestored', this.#restored);
    this.#painter.dispose();
  }

  readonly #shown: Shown = (index) => (this.#styles[styleBytes * index + 3] ?? 0) > 0;

  readonly #lost = (event: Event): void => event.preventDefault();

  readonly #restored = (): void => {
    this.#painter.dispose();
    this.#painter = createPainter(this.canvas);
    this.#painter.setPositions(this.xy);
    this.#painter.setStyles(this.#styles);
    this.#draw();
  };

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    this.camera.width = width;
    this.camera.height = height;
    this.#measured = true;
    if (!this.camera.moved) this.fit();
    // What is resized is empty until it is drawn: not a frame later.
    this.#paint(1);
  }

  #moved(): void {
    this.#pace.moved();
    this.#draw();
  }

  #draw(): void {
    this.#frame ??= requestAnimationFrame(this.#onFrame);
  }

  readonly #onFrame = (time: number): void => {
    this.#frame = undefined;
    if (this.#motion.advance(time)) this.#painter.setPositions(this.xy);
    this.#paint(this.#pace.frame(time));
    if (this.#motion.under || this.#pace.isMoving(time)) this.#draw();
  };

  #paint(share: number): void {
    if (!this.#measured) return;
    this.#painter.draw(this.camera, Math.ceil((share * this.xy.length) / 2));
    this.drawn();
  }
}
