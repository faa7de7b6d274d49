import { html, nothing, type TemplateResult } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import type { NeighbourAnswer, NeighbourRow } from '../../protocol/explore';
import { button, icon } from '../controls';
import { itemContent, lookUp, nameOf, reveal, sourceLink } from '../items/item';
import type { Store } from '../store';
import { t } from '../words';

export interface TableState {
  readonly store: Store;
  readonly run: string;
  readonly answer: NeighbourAnswer;
  /** What the list is compared with, in words. */
  readonly since: string | undefined;
}

/** The neighbours, the nearest first; after them those that have left the list. */
export function neighbourTable(state: TableState): TemplateResult {
  const { answer, since } = state;
  const entered = answer.rows.filter((row) => row.entered === true).length;
  const left = answer.left ?? [];
  return html`<div class="scroll">
    <table class="figures neighbours" @keydown=${moveFocus}>
      <caption class="visually-hidden">
        ${t('Neighbours, the nearest first. Arrow keys move between rows, Enter opens the source.')}
      </caption>
      <thead>
        <tr>
          <th scope="col" class="numbers">${t('Rank')}</th>
          <th scope="col">${t('Similarity')}</th>
          <th scope="col">${t('Item')}</th>
          <th scope="col">${t('Label')}</th>
          <th scope="col">${t('Split')}</th>
          <th scope="col">${t('Source')}</th>
          ${since === undefined ? nothing : html`<th scope="col">${t('Change')}</th>`}
          <th scope="col"><span class="visually-hidden">${t('Look up')}</span></th>
        </tr>
      </thead>
      <tbody>
        ${answer.rows.map((row, i) => tableRow(state, row, i === 0, row.entered === true ? 'entered' : 'stayed'))}
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
              ${left.map((row) => tableRow(state, row, false, 'left'))}
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

type Change = 'entered' | 'left' | 'stayed';

function tableRow(
  { store, run, since }: TableState,
  row: NeighbourRow,
  first: boolean,
  change: Change,
): TemplateResult {
  return html`<tr
    class="neighbour ${change}"
    data-testid=${change === 'left' ? 'neighbour-left' : 'neighbour-row'}
    data-row=${row.row}
    tabindex=${first ? 0 : -1}
    @dblclick=${() => reveal(store, run, row)}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Enter' && event.target === event.currentTarget) reveal(store, run, row);
    }}
  >
    <td class="numbers">${row.rank}</td>
    <td class="similarity">${similarity(row.similarity)}</td>
    <td class="item">${itemContent(row)}</td>
    <td>${row.label ?? ''}</td>
    <td>${row.split ?? ''}</td>
    <td>${sourceLink(store, run, row)}</td>
    ${since === undefined ? nothing : html`<td class="change">${changeWords(change)}</td>`}
    <td>
      ${button({
        label: t('Look up the neighbours of {0}', nameOf(row).slice(0, 60)),
        icon: 'search',
        iconOnly: true,
        onClick: () => lookUp(store, row),
      })}
    </td>
  </tr>`;
}

/** Four digits, and a bar from 0 to 1. */
function similarity(value: number): TemplateResult {
  const width = styleMap({ width: `${(100 * Math.max(0, value)).toFixed(1)}%` });
  return html`<span class="number">${value.toFixed(4).replace('-', '−')}</span>
    <span class="bar" aria-hidden="true"><span style=${width}></span></span>`;
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
