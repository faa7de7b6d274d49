import { html, nothing, type TemplateResult } from 'lit';
import type { LongWork } from '../../protocol/explore';
import { button, ring } from '../controls';
import { percent } from '../format';
import type { Store } from '../store';
import { t } from '../words';

/**
 * Something that takes a while: what it is, how far it is, and the way out of it. Before it begins, the items of the run may
 * have to be read.
 */
export function waiting(
  { progress }: Store,
  what: LongWork,
  words: string,
  cancel?: () => void,
): TemplateResult {
  const own = progress.get(what);
  const { done, total } = own ?? progress.get('items') ?? { done: 0, total: 0 };
  const name = own === undefined && total > 0 ? t('Reading the items …') : words;
  return html`<div class="waiting">
    <span role="status">${name}</span>
    ${
      total > 0
        ? html`<progress max=${total} .value=${done} aria-label=${name}></progress>
            <span class="quiet number">${percent(done / total, 0)}</span>`
        : ring(name)
    }
    ${cancel === undefined ? nothing : button({ label: t('Cancel'), onClick: cancel })}
  </div>`;
}

/** A question that the user has taken back, in place of its answer. */
export function givenUp(words: string, label: string, again: () => void): TemplateResult {
  return html`<div class="placeholder">
    <p role="status">${words}</p>
    ${button({ label, onClick: again })}
  </div>`;
}
