import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';

export interface DataTable {
  readonly name: string;
  readonly table: TemplateResult;
}

/** At the latest after so long, however busy the page is. */
const idleMs = 500;

/**
 * The figures behind a chart, as tables: in the page for those who do not see it, before the eyes on request. Who reads by
 * ear can scroll in them at once. Unseen they follow when the page has nothing else to do: they are a thousand cells, and
 * the picture comes first.
 */
export class DataTables extends LitElement {
  static override properties = {
    shown: { attribute: false },
    version: { attribute: false, hasChanged: differs },
    // A new function at each rendering; what it makes changes with `version`.
    tables: { attribute: false, hasChanged: () => false },
  };
  /** Whether the user wants to see them. */
  declare shown: boolean;
  /** What they are made of. */
  declare version: readonly unknown[];
  declare tables: () => readonly DataTable[];

  get #visible(): boolean {
    return this.shown || document.body.classList.contains('vscode-using-screen-reader');
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override async scheduleUpdate(): Promise<void> {
    this.ariaBusy = 'true';
    if (!this.#visible) await idle();
    await super.scheduleUpdate();
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.ariaBusy = 'false';
  }

  protected override render(): TemplateResult {
    const visible = this.#visible;
    return html`<div class="data-tables ${visible ? 'shown' : ''}">
      ${this.tables().map(({ name, table }) =>
        visible
          ? html`<div class="scroll" tabindex="0" role="region" aria-label=${name}>${table}</div>`
          : table,
      )}
    </div>`;
  }
}
customElements.define('infonce-data-tables', DataTables);

function differs(now: readonly unknown[], before: readonly unknown[] | undefined): boolean {
  return before?.length !== now.length || now.some((part, i) => part !== before[i]);
}

async function idle(): Promise<void> {
  await new Promise<void>((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: idleMs });
  });
}
