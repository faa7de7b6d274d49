import { html, nothing, type TemplateResult } from 'lit';
import type { ItemView } from '../../protocol/explore';
import { button } from '../controls';
import { integer } from '../format';
import { itemContent, lookUp, sourceLink } from '../items/item';
import type { Selection } from '../items/selection';
import type { Store } from '../store';
import { t } from '../words';
import type { LabelGroup } from './geometry';
import { labelName } from './legend';

const listed = 200;

/** The map in words: where the items of each label lie. */
export function labelTable(labels: readonly string[], groups: readonly LabelGroup[]): TemplateResult {
  const open = document.body.classList.contains('vscode-using-screen-reader');
  return html`<details class="map-table" ?open=${open}>
    <summary>${t('Table')}</summary>
    <div class="scroll">
      <table class="figures">
        <caption>
          ${
            groups.length > listed
              ? t(
                  'The {0} most frequent of {1} labels and the mean place of their items',
                  listed,
                  groups.length,
                )
              : t('Labels and the mean place of their items')
          }
        </caption>
        <thead>
          <tr>
            <th scope="col">${t('Label')}</th>
            <th scope="col" class="numbers">${t('Items')}</th>
            <th scope="col" class="numbers">${t('Mean x')}</th>
            <th scope="col" class="numbers">${t('Mean y')}</th>
          </tr>
        </thead>
        <tbody>
          ${groups.slice(0, listed).map(
            ({ label, count, x, y }) =>
              html`<tr>
                <th scope="row">${labelName(labels, label)}</th>
                <td class="numbers">${integer(count)}</td>
                <td class="numbers">${x.toFixed(4)}</td>
                <td class="numbers">${y.toFixed(4)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** The items of the selection. What has not been read yet is named by its row. */
export function selectionList(
  store: Store,
  { run, rows, what }: Selection,
  missing: number,
  itemAt: (row: number) => ItemView | undefined,
  clear: () => void,
): TemplateResult {
  return html`<section class="map-selection" aria-label=${t('Selected items')}>
    <div class="toolbar">
      <h2>${what}</h2>
      ${button({ label: t('Clear selection'), icon: 'close', onClick: clear })}
    </div>
    ${missing > 0 ? html`<p class="caption">${t('{0} of them are not on this map.', integer(missing))}</p>` : nothing}
    <ol class="map-items">
      ${Array.from(rows.subarray(0, listed), (row) => {
        const item = itemAt(row);
        if (item === undefined) return html`<li class="quiet">${t('row {0} …', integer(row))}</li>`;
        return html`<li>
          ${itemContent(item)}
          ${item.label === undefined ? nothing : html`<span class="item-label">${item.label}</span>`}
          ${sourceLink(store, run, item)}
          ${button({
            label: t('Look up the neighbours of this item'),
            icon: 'search',
            iconOnly: true,
            onClick: () => lookUp(store, item),
          })}
        </li>`;
      })}
    </ol>
    ${
      rows.length > listed
        ? html`<p class="caption">${t('The first {0} of {1} are listed.', listed, integer(rows.length))}</p>`
        : nothing
    }
  </section>`;
}
