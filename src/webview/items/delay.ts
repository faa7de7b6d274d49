/** Calls back once it has not been called for `ms` milliseconds. */
export class Delay {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ms: number) {}

  call(callback: () => void): void {
    this.cancel();
    this.#timer = setTimeout(callback, this.ms);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
