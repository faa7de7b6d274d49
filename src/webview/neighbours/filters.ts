import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { type SplitName, splitNames } from '../../protocol/dataset';
import { dropdown } from '../controls';
import { integer } from '../format';
import { positionName } from '../items/position';
import type { Store } from '../store';
import { t } from '../words';
import type { NeighbourSettings, Since } from './settings';

const mostNeighbours = 100;

/**
 * How many, of which label and split, and compared with what.
 * @param label the control for labels, where there are any
 */
export function filters(
  store: Store,
  label: TemplateResult | typeof nothing,
  settings: NeighbourSettings,
  change: (patch: Partial<NeighbourSettings>) => void,
): TemplateResult {
  const having = store.head?.record?.dataset.splits ?? {};
  const splits = splitNames.filter((name) => having[name] !== undefined);
  return html`<div class="toolbar filters">
    <label>
      ${t('Neighbours')}
      <input
        type="number"
        min="1"
        max=${mostNeighbours}
        .value=${live(String(settings.k))}
        @change=${(event: Event) => {
          const wished = Math.round((event.target as HTMLInputElement).valueAsNumber);
          change({ k: Number.isNaN(wished) ? settings.k : Math.min(mostNeighbours, Math.max(1, wished)) });
        }}
      />
    </label>
    ${label}
    ${field(
      t('Split'),
      dropdown<SplitName | ''>({
        label: t('Split'),
        options: [{ value: '', label: t('all') }, ...splits.map((value) => ({ value, label: value }))],
        value: settings.split ?? '',
        onChange: (value) => change({ split: value === '' ? undefined : value }),
      }),
    )}
    ${field(
      t('Compare with'),
      dropdown({
        label: t('Compare with'),
        options: [{ value: '', label: t('nothing') }, ...comparisons(store, settings.since)],
        value: JSON.stringify(settings.since) ?? '',
        onChange: (value) => change({ since: value === '' ? undefined : (JSON.parse(value) as Since) }),
      }),
    )}
    ${
      store.othersLeftOut === 0
        ? nothing
        : html`<span class="caption">${t('{0} more runs are not listed', integer(store.othersLeftOut))}</span>`
    }
  </div>`;
}

const choice = (since: Since, label: string) => ({ value: JSON.stringify(since), label });

/** Other evaluations of this run, and other runs. The value is what is asked, as JSON. */
function comparisons(store: Store, chosen: Since | undefined): { value: string; label: string }[] {
  return [
    ...store.positions
      .filter((at) => at !== store.position || (chosen !== undefined && 'at' in chosen && chosen.at === at))
      .map((at) => choice({ at }, at === 0 ? t('step 0 · untrained') : positionName(at))),
    ...store.others.map(({ run, name }) => choice({ run }, t('run {0}', name))),
  ];
}

/** A control under its name. */
export function field(name: string, control: TemplateResult): TemplateResult {
  return html`<div class="filter"><span aria-hidden="true">${name}</span>${control}</div>`;
}
