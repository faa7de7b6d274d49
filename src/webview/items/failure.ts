import { html, type TemplateResult } from 'lit';
import { button, icon } from '../controls';
import { t } from '../words';

/** Why there is no answer, in place of it. */
export function failure(sentence: string, again: () => void): TemplateResult {
  return html`<div class="notice error answer-failed" role="alert">
    ${icon('error')}<span>${sentence}</span>${button({ label: t('Try again'), onClick: again })}
  </div>`;
}
