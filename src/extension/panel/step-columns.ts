import type { StepColumns } from '../../protocol/panel';

export type Steps = Omit<StepColumns, 'run'>;

/** Bytes of one step on its way to a page. */
export const bytesPerStep = 20;

const names = ['step', 'loss', 'learningRate', 'seconds'] as const;

function columns(size: number): Steps {
  return {
    step: new Int32Array(size),
    loss: new Float32Array(size),
    learningRate: new Float32Array(size),
    seconds: new Float64Array(size),
  };
}

/** All steps of a run, in columns that grow by doubling: kept for pages that are shown again. */
export class StepStore {
  #columns = columns(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(steps: Steps): void {
    const length = this.#length + steps.step.length;
    if (length > this.#columns.step.length) {
      const larger = columns(Math.max(length, 2 * this.#length));
      for (const name of names) larger[name].set(this.#columns[name]);
      this.#columns = larger;
    }
    for (const name of names) this.#columns[name].set(steps[name], this.#length);
    this.#length = length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** In memory of its own: with a part of an array, all of its memory would go to the page. */
  slice(from = 0, to = this.#length): Steps {
    const end = Math.min(to, this.#length);
    const { step, loss, learningRate, seconds } = this.#columns;
    return {
      step: step.slice(from, end),
      loss: loss.slice(from, end),
      learningRate: learningRate.slice(from, end),
      seconds: seconds.slice(from, end),
    };
  }
}
