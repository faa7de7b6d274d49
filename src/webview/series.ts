import type { StepColumns } from '../protocol/panel';

/** Every step of a run, a growing column each. */
export class Series {
  length = 0;
  #step = new Int32Array(1024);
  #loss = new Float32Array(1024);
  #learningRate = new Float32Array(1024);
  #seconds = new Float64Array(1024);

  get step(): Int32Array {
    return this.#step.subarray(0, this.length);
  }
  get loss(): Float32Array {
    return this.#loss.subarray(0, this.length);
  }
  get learningRate(): Float32Array {
    return this.#learningRate.subarray(0, this.length);
  }
  get seconds(): Float64Array {
    return this.#seconds.subarray(0, this.length);
  }

  append({ step, loss, learningRate, seconds }: Omit<StepColumns, 'run'>): void {
    const length = this.length + step.length;
    if (length > this.#step.length) {
      const capacity = Math.max(length, 2 * this.#step.length);
      this.#step = grown(this.#step, new Int32Array(capacity));
      this.#loss = grown(this.#loss, new Float32Array(capacity));
      this.#learningRate = grown(this.#learningRate, new Float32Array(capacity));
      this.#seconds = grown(this.#seconds, new Float64Array(capacity));
    }
    this.#step.set(step, this.length);
    this.#loss.set(loss, this.length);
    this.#learningRate.set(learningRate, this.length);
    this.#seconds.set(seconds, this.length);
    this.length = length;
  }
}

function grown<T extends Int32Array | Float32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
