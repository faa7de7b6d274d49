import { html, nothing, type TemplateResult } from 'lit';
import type { NeighbourAnswer, NeighbourRow } from '../../protocol/explore';
import { button, icon } from '../controls';
import { itemContent, lookUp, nameOf, reveal, sourceLink } from '../items/item';
import { selectedMark } from '../items/selection-bar';
import type { Store } from '../store';
import { t } from '../words';

export interface TableState {
  readonly store: Store;
  readonly run: string;
  readonly answer: NeighbourAnswer;
  /** What the list is compared with, in words. */
  readonly since: string | undefined;
  /** Rows that are selected on the map. */
  readonly selected: ReadonlySet<number>;
}

/** The neighbours, the nearest first; after them those that have left the list. */
export function neighbourTable(state: TableState): TemplateResult {
  const { answer, since } = state;
  const entered = answer.rows.filter((row) => row.entered === true).length;
  const left = answer.left ?? [];
  const columns = columnsOf(state);
  const pictures = answer.rows.some(({ image }) => image !== undefined);
  return html`<div class="scroll">
    <table class="figures neighbours ${pictures ? '' : 'neighbours-wide'}" @keydown=${moveFocus}>
      <caption class="visually-hidden">
        ${t('Neighbours, the nearest first. Arrow keys move between rows, Enter opens the source.')}
      </caption>
      <thead>
        <tr>
          <th scope="col" class="numbers">${t('Rank')}</th>
          <th scope="col">${t('Similarity')}</th>
          <th scope="col">${t('Item')}</th>
          ${columns.label ? html`<th scope="col">${t('Label')}</th>` : nothing}
          ${columns.split ? html`<th scope="col">${t('Split')}</th>` : nothing}
          <th scope="col">${t('Source')}</th>
          ${since === undefined ? nothing : html`<th scope="col">${t('Change')}</th>`}
          <th scope="col"><span class="visually-hidden">${t('Look up')}</span></th>
        </tr>
      </thead>
      <tbody>
        ${answer.rows.map((row, i) => tableRow(state, columns, row, i === 0, row.entered === true ? 'entered' : 'stayed'))}
      </tbody>
      ${
        since === undefined || left.length === 0
          ? nothing
          : html`<tbody>
              <tr class="left-heading">
                <th colspan="8" scope="colgroup">
                  ${t('In the list of {0}, at that rank and similarity, and no longer here', since)}
                </th>
              </tr>
              ${left.map((row) => tableRow(state, columns, row, false, 'left'))}
            </tbody>`
      }
    </table>
  </div>
  ${
    since === undefined
      ? nothing
      : html`<p class="caption">${t('Compared with {0}: {1} entered, {2} left.', since, entered, left.length)}</p>`
  }`;
}

/** Columns that only some data have. */
interface Columns {
  readonly label: boolean;
  readonly split: boolean;
}

function columnsOf({ answer: { rows, left = [] } }: TableState): Columns {
  const all = [...rows, ...left];
  return {
    label: all.some(({ label }) => label !== undefined),
    split: all.some(({ split }) => split !== undefined),
  };
}

type Change = 'entered' | 'left' | 'stayed';

function tableRow(
  { store, run, since, selected }: TableState,
  columns: Columns,
  row: NeighbourRow,
  first: boolean,
  change: Change,
): TemplateResult {
  return html`<tr
    class="neighbour ${change}"
    data-testid=${change === 'left' ? 'neighbour-left' : 'neighbour-row'}
    data-row=${row.row}
    tabindex=${first ? 0 : -1}
    @click=${(event: MouseEvent) => {
      // Whoever marks text to copy it does not want to leave.
      if (getSelection()?.isCollapsed !== false && event.detail === 1) reveal(store, run, row);
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Enter' && event.target === event.currentTarget) reveal(store, run, row);
    }}
  >
    <td class="numbers">${selected.has(row.row) ? selectedMark() : nothing}${row.rank}</td>
    <td class="similarity">${similarity(row.similarity)}</td>
    <td class="item">${itemContent(row)}</td>
    ${columns.label ? html`<td class="label">${row.label ?? ''}</td>` : nothing}
    ${columns.split ? html`<td>${row.split ?? ''}</td>` : nothing}
    <td>${sourceLink(store, run, row)}</td>
    ${since === undefined ? nothing : html`<td class="change">${changeWords(change)}</td>`}
    <td>
      ${button({
        label: t('Look up the neighbours of {0}', nameOf(row).slice(0, 60)),
        icon: 'search',
        iconOnly: true,
        onClick: (event) => {
          event.stopPropagation();
          lookUp(store, row);
        },
      })}
    </td>
  </tr>`;
}

/** Four digits, and a bar from 0 to 1. */
function similarity(value: number): TemplateResult {
  return html`<span class="number">${value.toFixed(4).replace('-', '−')}</span>
    <span class="bar" aria-hidden="true"><span .style=${`width: ${(100 * Math.max(0, value)).toFixed(1)}%`}></span></span>`;
}

function changeWords(change: Change): TemplateResult | typeof nothing {
  switch (change) {
    case 'entered':
      return html`${icon('arrow-right')} ${t('entered')}`;
    case 'left':
      return html`${icon('arrow-left')} ${t('left')}`;
    case 'stayed':
      return nothing;
  }
}

/** Rows are one stop for Tab; the arrows go from one to the next. */
function moveFocus(event: KeyboardEvent): void {
  const { key, target, currentTarget } = event;
  if (!['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(key)) return;
  const rows = [...(currentTarget as Element).querySelectorAll<HTMLElement>('tr.neighbour')];
  const at = rows.findIndex((row) => row === target);
  if (at < 0) return;
  event.preventDefault();
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key] ?? at;
  const chosen = rows[Math.min(Math.max(next, 0), rows.length - 1)];
  for (const row of rows) row.tabIndex = row === chosen ? 0 : -1;
  chosen?.focus();
}
