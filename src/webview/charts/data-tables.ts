import { html, type TemplateResult } from 'lit';

/**
 * The figures behind a chart, as tables: in the page for those who do not see it, before the eyes on request. Who reads by
 * ear can scroll in them at once.
 */
export function dataTables(
  shown: boolean,
  tables: readonly { readonly name: string; readonly table: TemplateResult }[],
): TemplateResult {
  const visible = shown || document.body.classList.contains('vscode-using-screen-reader');
  return html`<div class="data-tables ${visible ? 'shown' : ''}">
    ${tables.map(({ name, table }) =>
      visible
        ? html`<div class="scroll" tabindex="0" role="region" aria-label=${name}>${table}</div>`
        : table,
    )}
  </div>`;
}
