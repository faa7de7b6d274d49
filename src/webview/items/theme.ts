import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Tells what is drawn in colours of its own that the editor's theme has changed. */
export class ThemeWatch implements ReactiveController {
  /** Counts the changes. */
  version = 0;
  readonly #observer: MutationObserver;

  constructor(host: ReactiveControllerHost) {
    this.#observer = new MutationObserver(() => {
      this.version++;
      host.requestUpdate();
    });
    host.addController(this);
  }

  hostConnected(): void {
    // The editor puts the kind of theme on the body and the colours on the root.
    this.#observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
    this.#observer.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }
}
