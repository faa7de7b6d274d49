import type { StepColumns } from '../../protocol/panel';

export type Steps = Omit<StepColumns, 'run'>;

/** Steps as they come, in typed columns that grow by doubling: a million of them without an object each. */
export class StepBuffer {
  #columns = columns(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The last step; undefined where there is none. */
  get last(): number | undefined {
    return this.#length === 0 ? undefined : this.#columns.step[this.#length - 1];
  }

  push(step: number, loss: number, learningRate: number, seconds: number): void {
    if (this.#length === this.#columns.step.length) {
      const larger = columns(2 * this.#length);
      for (const name of names) larger[name].set(this.#columns[name]);
      this.#columns = larger;
    }
    const at = this.#length++;
    this.#columns.step[at] = step;
    this.#columns.loss[at] = loss;
    this.#columns.learningRate[at] = learningRate;
    this.#columns.seconds[at] = seconds;
  }

  /** Forgets the steps after this one. */
  cutAfter(step: number): void {
    while (this.#length > 0 && (this.last as number) > step) this.#length--;
  }

  /** The filled part, in memory of its own. */
  take(): Steps {
    const { step, loss, learningRate, seconds } = this.#columns;
    return {
      step: step.slice(0, this.#length),
      loss: loss.slice(0, this.#length),
      learningRate: learningRate.slice(0, this.#length),
      seconds: seconds.slice(0, this.#length),
    };
  }
}

const names = ['step', 'loss', 'learningRate', 'seconds'] as const;

function columns(size: number) {
  return {
    step: new Int32Array(size),
    loss: new Float32Array(size),
    learningRate: new Float32Array(size),
    seconds: new Float64Array(size),
  };
}
