import { html, type TemplateResult } from 'lit';
import type { ViewName } from '../../protocol/panel';
import { t } from '../words';

function nameOf(view: ViewName): string {
  switch (view) {
    case 'loss':
      return t('Loss');
    case 'similarities':
      return t('Similarities');
    case 'neighbours':
      return t('Neighbours');
    case 'pairs':
      return t('Pairs');
    case 'map':
      return t('Map');
    case 'health':
      return t('Health');
    case 'compare':
      return t('Compare');
  }
}

/**
 * The list of views, as the ARIA pattern has it: one stop for Tab, arrows, Home and End turn. The toolkit's panels keep
 * every view in the page and scroll sideways in a narrow one.
 */
export function tabs(
  views: readonly ViewName[],
  current: ViewName,
  choose: (view: ViewName) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const target = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const at = views.indexOf(current);
    let next: ViewName | undefined;
    if (target !== undefined) next = views[(at + target + views.length) % views.length];
    else if (event.key === 'Home') next = views[0];
    else if (event.key === 'End') next = views.at(-1);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return html`<nav class="tabs" role="tablist" aria-label=${t('Views')} @keydown=${onKey}>
    ${views.map(
      (view) =>
        html`<button
          type="button"
          role="tab"
          id="tab-${view}"
          data-view=${view}
          aria-selected=${view === current}
          aria-controls="view"
          tabindex=${view === current ? 0 : -1}
          @click=${() => choose(view)}
        >
          ${nameOf(view)}
        </button>`,
    )}
  </nav>`;
}
