import { html, nothing, type TemplateResult } from 'lit';
import { icon, link } from '../controls';
import type { Store } from '../store';
import { t } from '../words';
import { select, selectionOf } from './selection';

/**
 * What is selected elsewhere, over a list that marks it.
 * @param here how much of it this list has, in words.
 * @param more controls of the list's own.
 */
export function selectionBar(
  store: Store,
  here: string,
  cleared: () => void,
  more: TemplateResult | typeof nothing = nothing,
): TemplateResult | typeof nothing {
  const selection = selectionOf(store);
  if (selection === undefined) return nothing;
  return html`<div class="toolbar selection-bar">
    <span role="status">${icon('circle-filled')} ${t('Selected: {0}', selection.what)} · ${here}</span>
    ${link({ text: t('See on the map'), onClick: () => store.update({ view: 'map' }) })}
    ${link({
      text: t('Clear'),
      title: t('Clear selection'),
      onClick: () => {
        select(store, undefined);
        cleared();
      },
    })}
    ${more}
  </div>`;
}

/** Stands beside an item of the selection. */
export function selectedMark(): TemplateResult {
  return html`<span class="selected-mark" title=${t('Selected')}
    >${icon('circle-filled')}<span class="visually-hidden">${t('Selected')}</span></span
  >`;
}
