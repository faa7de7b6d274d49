/** A slice of computing after which others have their turn, milliseconds. */
const slice = 8;

/**
 * Lets long computations share one thread with short questions and with the wish to stop: called between small pieces of
 * work, it lets the event loop run when a slice is used up.
 * @throws the signal's reason, once it is aborted.
 */
export class Slices {
  private since = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  async pause(): Promise<void> {
    this.signal?.throwIfAborted();
    if (performance.now() - this.since < slice) return;
    await new Promise(setImmediate);
    this.signal?.throwIfAborted();
    this.since = performance.now();
  }
}
