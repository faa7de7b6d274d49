const slowFrame = 34;
const quickFrame = 20;
const restAfter = 160;

/**
 * How much is drawn while the view is in motion. Where frames are slow (a machine without a graphics card), a spread-out
 * part of the points follows the hand, and all of them come back when it rests.
 */
export class Pace {
  #share = 1;
  #movingUntil = 0;
  #lastFrame: number | undefined;

  moved(): void {
    this.#movingUntil = performance.now() + restAfter;
  }

  /** Share of the points to draw in the frame at `time`. */
  frame(time: number): number {
    if (!this.isMoving(time)) {
      this.#lastFrame = undefined;
      return 1;
    }
    const took = this.#lastFrame === undefined ? undefined : time - this.#lastFrame;
    this.#lastFrame = time;
    if (took !== undefined && took > slowFrame) this.#share = Math.max(0.02, this.#share * 0.7);
    if (took !== undefined && took < quickFrame) this.#share = Math.min(1, this.#share * 1.1);
    return this.#share;
  }

  isMoving(time: number): boolean {
    return time < this.#movingUntil;
  }
}
