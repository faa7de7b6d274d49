import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { type SplitName, splitNames } from '../../protocol/dataset';
import type { RunItems } from '../../protocol/explore';
import { dropdown } from '../controls';
import { positionName } from '../items/position';
import type { Store } from '../store';
import { t } from '../words';
import type { NeighbourSettings, Since } from './settings';

const mostNeighbours = 100;

/** How many, of which label and split, and compared with what. */
export function filters(
  store: Store,
  { labels }: RunItems,
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
    ${labels.length === 0 ? nothing : labelFilter(labels, settings, change)}
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

/** The labels of the run. */
function labelFilter(
  labels: readonly string[],
  { label }: NeighbourSettings,
  change: (patch: Partial<NeighbourSettings>) => void,
): TemplateResult {
  return field(
    t('Label'),
    dropdown({
      label: t('Label'),
      // The value is the place in the list: a label may be empty.
      options: [
        { value: '', label: t('all') },
        ...labels.map((name, i) => ({ value: String(i), label: name })),
      ],
      value: label === undefined ? '' : String(labels.indexOf(label)),
      onChange: (value) => change({ label: value === '' ? undefined : labels[Number(value)] }),
    }),
  );
}

function field(name: string, control: TemplateResult): TemplateResult {
  return html`<div class="filter"><span aria-hidden="true">${name}</span>${control}</div>`;
}
