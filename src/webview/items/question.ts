import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type CancellationToken, CancellationTokenSource } from 'vscode-jsonrpc/browser';

/**
 * What a view asks the host, as a function of what is looked at: `ask` may be called at every render and asks only when the
 * parameters have changed. Only the newest answer counts; the last one stays while the next is on its way.
 *
 * @template P parameters, comparable as JSON.
 */
export class Question<P, R> implements ReactiveController {
  answer: R | undefined;
  /** What `answer` answers. */
  answered: P | undefined;
  /** A sentence for the user. */
  error: string | undefined;
  #asked: string | undefined;
  #source: CancellationTokenSource | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly request: (params: P, token: CancellationToken) => Promise<R>,
  ) {
    host.addController(this);
  }

  get busy(): boolean {
    return this.#source !== undefined;
  }

  /** `undefined`: there is nothing to ask, and no answer. */
  ask(params: P | undefined): void {
    const key = params === undefined ? undefined : JSON.stringify(params);
    if (key === this.#asked) return;
    this.cancel();
    this.#asked = key;
    if (params !== undefined) void this.#run(params);
    else this.answer = this.answered = this.error = undefined;
  }

  /** Asks once more, though nothing has changed. */
  again(): void {
    this.#asked = undefined;
    this.host.requestUpdate();
  }

  /** Gives up the question under way; the answer before it stays. */
  cancel(): void {
    this.#source?.cancel();
    this.#source = undefined;
  }

  hostDisconnected(): void {
    // Whoever comes back to the view asks again.
    if (this.busy) this.#asked = undefined;
    this.cancel();
  }

  async #run(params: P): Promise<void> {
    const source = new CancellationTokenSource();
    this.#source = source;
    try {
      const answer = await this.request(params, source.token);
      if (this.#source !== source) return;
      this.answer = answer;
      this.answered = params;
      this.error = undefined;
    } catch (error) {
      if (this.#source !== source) return;
      this.error = error instanceof Error ? error.message : String(error);
    }
    this.#source = undefined;
    source.dispose();
    this.host.requestUpdate();
  }
}
