import { LitElement } from 'lit';
import type { Store } from './store';

/**
 * A part of the page. It renders into the page itself, not into a shadow tree: one style sheet serves all, and labels,
 * ids and tests reach everything. Whoever makes one sets `store` before it is put into the page.
 */
export abstract class View extends LitElement {
  declare store: Store;
  #unsubscribe: (() => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.store.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    this.#unsubscribe?.();
    super.disconnectedCallback();
  }
}
