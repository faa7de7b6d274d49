/** How far back the speed is measured, ms: evaluations are in it, an old slow start is not. */
const windowMs = 30_000;
/** Below this a guess would jump, ms. */
const leastMs = 2_000;

/** Guesses how long a job goes on, by its speed of late. */
export class TimeLeft {
  #seen: { readonly done: number; readonly at: number }[] = [];

  /** @param at ms of a clock that only runs forward. @returns seconds, or undefined while there is too little to go by. */
  after(done: number, total: number, at: number): number | undefined {
    const last = this.#seen.at(-1);
    // Another attempt at the same steps.
    if (last !== undefined && done < last.done) this.#seen = [];
    this.#seen.push({ done, at });
    while (this.#seen.length > 2 && at - (this.#seen[1]?.at ?? at) > windowMs) this.#seen.shift();
    const first = this.#seen[0];
    if (first === undefined || at - first.at < leastMs || done === first.done) return undefined;
    return ((total - done) * (at - first.at)) / (done - first.done) / 1000;
  }
}
