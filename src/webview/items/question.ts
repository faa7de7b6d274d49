import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type CancellationToken, CancellationTokenSource } from 'vscode-jsonrpc/browser';

const slowMs = 500;

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
  /** The answer has been awaited for so long that the user is to know how far it is. */
  slow = false;
  /** The user does not wait for the answer any more. */
  givenUp = false;
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
    this.givenUp = false;
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
    this.slow = false;
  }

  /** Gives up the question under way for the user, who may ask it again. */
  giveUp(): void {
    this.cancel();
    this.givenUp = true;
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    // Whoever comes back to the view asks again.
    if (this.busy) this.#asked = undefined;
    this.cancel();
  }

  async #run(params: P): Promise<void> {
    const source = new CancellationTokenSource();
    this.#source = source;
    setTimeout(() => {
      if (this.#source !== source) return;
      this.slow = true;
      this.host.requestUpdate();
    }, slowMs);
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
    this.slow = false;
    source.dispose();
    this.host.requestUpdate();
  }
}
