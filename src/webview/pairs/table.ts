import { html, nothing, type TemplateResult } from 'lit';
import type { ItemView, PairMark, PairRow } from '../../protocol/explore';
import { button } from '../controls';
import { itemContent, lookUp, nameOf, sourceLink } from '../items/item';
import { selectedMark } from '../items/selection-bar';
import type { Store } from '../store';
import { t } from '../words';
import type { Marks } from './marks';

export interface PairTableState {
  readonly store: Store;
  readonly run: string;
  readonly rows: readonly PairRow[];
  readonly marks: Marks;
  /** Rows that are selected on the map. */
  readonly selected: ReadonlySet<number>;
}

/** Pairs side by side, each with what the user says of it. */
export function pairTable(state: PairTableState): TemplateResult {
  const reasons = state.rows.some(({ reason }) => reason !== undefined);
  return html`<div class="scroll">
    <table class="figures pairs" data-testid="pairs-table">
      <caption class="visually-hidden">
        ${t('Pairs of items. In a row, S marks it as the same, D as different, U takes the mark back.')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('Similarity')}</th>
          <th scope="col">${t('First')}</th>
          <th scope="col">${t('Second')}</th>
          ${reasons ? html`<th scope="col">${t('Why')}</th>` : nothing}
          <th scope="col">${t('Really')}</th>
        </tr>
      </thead>
      <tbody>
        ${state.rows.map((pair) => tableRow(state, pair, reasons))}
      </tbody>
    </table>
  </div>`;
}

function tableRow(
  { store, run, marks, selected }: PairTableState,
  pair: PairRow,
  reasons: boolean,
): TemplateResult {
  const mark = marks.of(pair);
  const set = (wished: PairMark): void => void marks.set(pair, mark === wished ? null : wished);
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 's') set('same');
    else if (event.key === 'd') set('different');
    else if (event.key === 'u') void marks.set(pair, null);
    else return;
    event.preventDefault();
  };
  const choice = (wished: PairMark, label: string, key: string): TemplateResult => html`<button
    type="button"
    title=${t('{0} (key {1} within the row)', label, key)}
    aria-pressed=${mark === wished}
    aria-label=${t('{0}: {1} and {2}', label, nameOf(pair.first).slice(0, 40), nameOf(pair.second).slice(0, 40))}
    @click=${() => set(wished)}
  >
    ${label}
  </button>`;
  return html`<tr @keydown=${onKey}>
    <td class="number">${pair.similarity.toFixed(4).replace('-', '−')}</td>
    <td>${side(store, run, pair.first, selected)}</td>
    <td>${side(store, run, pair.second, selected)}</td>
    ${reasons ? html`<td>${reasonWords(pair.reason)}</td>` : nothing}
    <td>
      <div class="segmented" role="group" aria-label=${t('What this pair really is')}>
        ${choice('same', t('Same'), 'S')} ${choice('different', t('Different'), 'D')}
      </div>
      ${mark === null ? nothing : idleMark(pair)}
    </td>
  </tr>`;
}

/** The next run learns from train alone, and so from what is said of pairs of train. */
function idleMark({ first, second }: PairRow): TemplateResult | typeof nothing {
  const outside = [first, second].find(({ split }) => split !== undefined && split !== 'train')?.split;
  if (outside === undefined) return nothing;
  return html`<p class="caption mark-idle">
    ${t('Kept, but it changes nothing in the next run: an item of this pair is in {0}, and only train is learnt from.', outside)}
  </p>`;
}

function side(store: Store, run: string, item: ItemView, selected: ReadonlySet<number>): TemplateResult {
  return html`<div class="pair-side">
    ${itemContent(item)}
    <div class="pair-facts">
      ${selected.has(item.row) ? selectedMark() : nothing}
      ${item.label === undefined ? nothing : html`<span class="item-label">${item.label}</span>`}
      ${sourceLink(store, run, item)}
      ${button({
        label: t('Look up the neighbours of {0}', nameOf(item).slice(0, 60)),
        icon: 'search',
        iconOnly: true,
        onClick: () => lookUp(store, item),
      })}
    </div>
  </div>`;
}

function reasonWords(reason: PairRow['reason']): string {
  switch (reason) {
    case 'duplicate':
      return t('almost identical');
    case 'close':
      return t('closer than half of the positives');
    case undefined:
      return '';
  }
}
