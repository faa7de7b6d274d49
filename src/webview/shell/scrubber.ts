import { html, type TemplateResult } from 'lit';
import type { Position } from '../../protocol/explore';
import { checkbox, range } from '../controls';
import { isActive, stepWords } from '../run';
import type { Store } from '../store';
import { t } from '../words';

function words(position: Position | undefined, store: Store): string {
  const record = store.head?.record;
  if (position === undefined) return t('no evaluation yet');
  if (position !== 'final') return stepWords(position, record);
  const best = record?.best?.step;
  return best === undefined ? t('saved model') : t('saved model · {0}', stepWords(best, record));
}

/** One slider over all evaluations of the run: what is touched stands still, `live` follows the newest. */
export function scrubber(store: Store): TemplateResult {
  const { positions, position } = store;
  const text = words(position, store);
  return html`<div class="scrubber">
    <span class="caption">${t('Evaluation')}</span>
    ${range({
      label: t('Evaluation that is shown'),
      min: 0,
      max: Math.max(0, positions.length - 1),
      step: 1,
      value: position === undefined ? 0 : positions.indexOf(position),
      text,
      disabled: positions.length < 2,
      onInput: (index) => store.update({ position: positions[index] ?? 'live' }),
      testId: 'epoch-scrubber',
    })}
    <output class="at">${text}</output>
    ${checkbox({
      label: isActive(store.head?.state ?? 'queued') ? t('Live') : t('Latest'),
      checked: store.live,
      onChange: (live) => store.update({ position: live ? 'live' : (position ?? 'live') }),
      testId: 'live-toggle',
    })}
  </div>`;
}
