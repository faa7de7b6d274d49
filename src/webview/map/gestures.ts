import type { Plot } from './plot';

export interface GestureListener {
  /** Whether dragging draws a lasso rather than moving the map. */
  isLasso(): boolean;
  /** The pointer rests at (x, y) of the canvas, over a point or none. */
  hover(index: number | undefined, x: number, y: number): void;
  pick(index: number): void;
  /** The corners so far, x and y in turn; `done` when the button is released. */
  lasso(polygon: readonly number[], done: boolean): void;
}

/** A move below this many pixels is a click. */
const clickSlop = 4;
const keyStep = 40;
const keyZoom = 1.25;

/** Pointer, wheel and keys on the plot: drag, zoom, hover, pick, lasso. */
export class Gestures {
  #from: { x: number; y: number; moved: boolean } | undefined;
  #polygon: number[] | undefined;

  constructor(
    private readonly plot: Plot,
    private readonly listener: GestureListener,
    private readonly signal: AbortSignal,
  ) {}

  /** Until the signal ends it. */
  listen(): void {
    const { listener, signal } = this;
    const { canvas } = this.plot;
    canvas.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#move(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#up(event), { signal });
    canvas.addEventListener('pointercancel', () => this.#end(), { signal });
    canvas.addEventListener('pointerleave', () => listener.hover(undefined, 0, 0), { signal });
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    canvas.addEventListener('keydown', (event) => this.#key(event), { signal });
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { offsetX: x, offsetY: y } = event;
    this.plot.canvas.setPointerCapture(event.pointerId);
    this.#from = { x, y, moved: false };
    if (this.listener.isLasso() || event.shiftKey) this.#polygon = [x, y];
    this.listener.hover(undefined, x, y);
  }

  #move({ offsetX: x, offsetY: y }: PointerEvent): void {
    const from = this.#from;
    if (from === undefined) {
      this.listener.hover(this.plot.nearest(x, y), x, y);
      return;
    }
    const [across, down] = [x - from.x, y - from.y];
    if (!from.moved && Math.hypot(across, down) < clickSlop) return;
    this.#from = { x, y, moved: true };
    if (this.#polygon === undefined) {
      this.plot.pan(across, down);
      return;
    }
    const [lastX = 0, lastY = 0] = this.#polygon.slice(-2);
    if (Math.hypot(x - lastX, y - lastY) < clickSlop) return;
    this.#polygon.push(x, y);
    this.listener.lasso(this.#polygon, false);
  }

  #up({ offsetX: x, offsetY: y }: PointerEvent): void {
    const [from, polygon] = [this.#from, this.#polygon];
    this.#end();
    if (from?.moved === false) {
      const index = this.plot.nearest(x, y);
      if (index !== undefined) this.listener.pick(index);
    } else if (polygon !== undefined) this.listener.lasso(polygon, true);
  }

  #end(): void {
    this.#from = this.#polygon = undefined;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    // A pinch on a touch pad comes as a wheel with Ctrl, in small steps; a mouse wheel may count in lines.
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const speed = event.ctrlKey ? 0.01 : 0.002;
    this.plot.zoom(Math.exp(-event.deltaY * lines * speed), event.offsetX, event.offsetY);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case 'ArrowLeft':
        this.plot.pan(keyStep, 0);
        break;
      case 'ArrowRight':
        this.plot.pan(-keyStep, 0);
        break;
      case 'ArrowUp':
        this.plot.pan(0, keyStep);
        break;
      case 'ArrowDown':
        this.plot.pan(0, -keyStep);
        break;
      case '+':
      case '=':
        this.plot.zoom(keyZoom);
        break;
      case '-':
        this.plot.zoom(1 / keyZoom);
        break;
      case '0':
      case 'Home':
        this.plot.fit();
        break;
      default:
        return;
    }
    event.preventDefault();
  }
}
