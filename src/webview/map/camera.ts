export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

const margin = 28;

/** A window on the plane of the map: the point in its middle and how many pixels a unit is. The plane's y grows upwards. */
export class Camera {
  x = 0;
  y = 0;
  scale = 1;
  /** CSS pixels. */
  width = 1;
  height = 1;
  /** Whether the user has moved it; until then it shows everything, whatever the size. */
  moved = false;
  #fitted = 1;

  screenX(x: number): number {
    return (x - this.x) * this.scale + this.width / 2;
  }

  screenY(y: number): number {
    return (this.y - y) * this.scale + this.height / 2;
  }

  /** Shows all of the bounds. */
  fit({ left, right, bottom, top }: Bounds): void {
    this.x = (left + right) / 2;
    this.y = (bottom + top) / 2;
    const across = Math.max(this.width - 2 * margin, 1) / Math.max(right - left, 1e-9);
    const along = Math.max(this.height - 2 * margin, 1) / Math.max(top - bottom, 1e-9);
    this.scale = this.#fitted = Math.min(across, along);
    this.moved = false;
  }

  /** By pixels, as the points are to move. */
  pan(across: number, down: number): void {
    this.moved = true;
    this.x -= across / this.scale;
    this.y += down / this.scale;
  }

  /** The point under (`screenX`, `screenY`) stays where it is. */
  zoom(factor: number, screenX = this.width / 2, screenY = this.height / 2): void {
    this.moved = true;
    const scale = Math.min(Math.max(this.scale * factor, this.#fitted / 8), this.#fitted * 2000);
    const gain = 1 / this.scale - 1 / scale;
    this.x += (screenX - this.width / 2) * gain;
    this.y -= (screenY - this.height / 2) * gain;
    this.scale = scale;
  }
}
