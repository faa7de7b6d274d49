import type { Column } from './decimate';

/**
 * Exponential moving average over every value of a growing column, divided by the weight that it has seen: it starts at
 * the first value instead of at 0, and a constant stays constant (Kingma and Ba 2015, section 3).
 */
export class Smoothed {
  #values = new Float64Array(1024);
  #length = 0;
  #average = 0;
  #seen = 0;

  /** @param weight of what came before, 0 (none) to below 1. */
  constructor(readonly weight: number) {}

  /** The smoothed column, as long as `column`, which is the one of before with values added. What is not finite is passed over. */
  of(column: Column): Float64Array {
    if (column.length > this.#values.length) {
      const larger = new Float64Array(Math.max(column.length, 2 * this.#values.length));
      larger.set(this.#values.subarray(0, this.#length));
      this.#values = larger;
    }
    for (; this.#length < column.length; this.#length++) {
      const value = column[this.#length] as number;
      if (Number.isFinite(value)) {
        this.#average = this.weight * this.#average + (1 - this.weight) * value;
        this.#seen = this.weight * this.#seen + (1 - this.weight);
      }
      this.#values[this.#length] = this.#seen === 0 ? value : this.#average / this.#seen;
    }
    return this.#values.subarray(0, column.length);
  }
}
