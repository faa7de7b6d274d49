import type { ReactiveControllerHost } from 'lit';

/** Lets what is below the main picture wait until that is on the screen. */
export class AfterPicture {
  #begun = false;
  #come = false;

  constructor(private readonly host: ReactiveControllerHost) {}

  /** Asked while the picture is rendered. Once it is seen, the host is rendered again, and the answer stays true. */
  get come(): boolean {
    if (!this.#begun) {
      this.#begun = true;
      // What is drawn in this frame is on the screen when the next one has begun.
      requestAnimationFrame(() => setTimeout(() => this.#arrive()));
    }
    return this.#come;
  }

  #arrive(): void {
    this.#come = true;
    this.host.requestUpdate();
  }
}
