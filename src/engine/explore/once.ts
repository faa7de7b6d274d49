/** Work done at most once for everybody who asks. A failure is not kept: what was missing may be there the next time. */
export class Once<T> {
  private result: Promise<T> | undefined;

  constructor(private readonly work: () => Promise<T>) {}

  get(): Promise<T> {
    if (this.result === undefined) {
      const started = this.work();
      this.result = started;
      started.catch(() => {
        this.result = undefined;
      });
    }
    return this.result;
  }
}
