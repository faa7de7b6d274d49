import { html, nothing, type TemplateResult } from 'lit';
import { noLabel, otherLabel } from '../../protocol/explore';
import { button, link, textField } from '../controls';
import { integer } from '../format';
import { t } from '../words';
import type { LabelGroup } from './geometry';
import type { Marker } from './palette';

/** From this many labels on there is a field to search them. */
const searchFrom = 20;
const listed = 200;

export interface LegendState {
  readonly labels: readonly string[];
  readonly groups: readonly LabelGroup[];
  readonly markers: ReadonlyMap<number, Marker>;
  readonly hidden: ReadonlySet<number>;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly onHide: (hidden: ReadonlySet<number>) => void;
}

export function labelName(labels: readonly string[], label: number): string {
  if (label === noLabel) return t('no label');
  return label === otherLabel ? t('other labels') : (labels[label] ?? '');
}

/** The key of a label: a disc or a ring of its colour, grey for those beyond the last colour. */
function key(marker: Marker | undefined): TemplateResult {
  const kind = marker === undefined ? 'other' : `${marker.series}${marker.ring ? ' map-key-ring' : ''}`;
  return html`<span class="map-key map-key-${kind}" aria-hidden="true"></span>`;
}

/** What the colours mean, and which labels are shown. */
export function legend(state: LegendState): TemplateResult | typeof nothing {
  const { labels, groups, markers, hidden, search, onSearch, onHide } = state;
  if (labels.length === 0) return nothing;
  const words = search.trim().toLowerCase();
  const found = groups.filter(({ label }) => labelName(labels, label).toLowerCase().includes(words));
  const visible = groups.filter(({ label }) => !hidden.has(label)).length;
  const toggle = (label: number, show: boolean): void => {
    const next = new Set(hidden);
    if (show) next.delete(label);
    else next.add(label);
    onHide(next);
  };
  const allBut = (kept: number): Set<number> =>
    new Set(groups.map(({ label }) => label).filter((label) => label !== kept));
  return html`<fieldset class="map-legend">
    <legend>${t('Labels')} <span class="quiet">${t('{0} of {1} shown', visible, groups.length)}</span></legend>
    <div class="toolbar">
      ${button({ label: t('All'), disabled: hidden.size === 0, onClick: () => onHide(new Set()) })}
      ${button({ label: t('None'), disabled: visible === 0, onClick: () => onHide(allBut(-1)) })}
    </div>
    ${groups.length > searchFrom ? textField({ label: t('Search labels'), value: search, onInput: onSearch }) : nothing}
    <ul>
      ${found.slice(0, listed).map(
        ({ label, count }) =>
          html`<li>
            <label>
              <input
                type="checkbox"
                .checked=${!hidden.has(label)}
                @change=${(event: Event) => toggle(label, (event.target as HTMLInputElement).checked)}
              />
              ${key(markers.get(label))}
              <span class="map-label">${labelName(labels, label)}</span>
              <span class="quiet number">${integer(count)}</span>
            </label>
            ${link({
              text: t('only'),
              title: t('Show only {0}', labelName(labels, label)),
              onClick: () => onHide(allBut(label)),
            })}
          </li>`,
      )}
    </ul>
    ${
      found.length > listed
        ? html`<p class="caption">${t('The first {0} of {1} labels are listed: search for others.', listed, found.length)}</p>`
        : nothing
    }
    ${
      visible > markers.size
        ? html`<p class="caption">
            ${t('{0} labels have a colour; the others are grey. Show fewer to give them one.', markers.size)}
          </p>`
        : nothing
    }
  </fieldset>`;
}
