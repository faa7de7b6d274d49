import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ItemView, MapAnswer, MapMethod } from '../../protocol/explore';
import { button, checkbox, icon, segmented } from '../controls';
import { integer, percent } from '../format';
import { itemContent } from '../items/item';
import { positionName } from '../items/position';
import { waiting } from '../items/waiting';
import type { Store } from '../store';
import { t } from '../words';
import { labelName } from './legend';
import type { Painter } from './painter';
import type { MapSettings } from './settings';

export interface ToolsState {
  readonly store: Store;
  readonly settings: MapSettings;
  readonly busy: boolean;
  /** Whether there are labels. */
  readonly named: boolean;
  readonly show: (method: MapMethod) => void;
  readonly fitAxes: () => void;
  readonly fitView: () => void;
  readonly selectInView: () => void;
  readonly change: (patch: Partial<MapSettings>) => void;
}

export function tools({ store, settings, busy, named, ...act }: ToolsState): TemplateResult {
  const { method, lasso, names, umapAt } = settings;
  const { position } = store;
  const umapElsewhere = method === 'umap' && umapAt !== position && position !== undefined;
  return html`<div class="toolbar">
    ${segmented<MapMethod>({
      label: t('Projection'),
      options: [
        { value: 'pca', label: 'PCA' },
        { value: 'umap', label: 'UMAP' },
      ],
      value: method,
      onChange: (chosen) => {
        if (chosen !== method) act.show(chosen);
      },
    })}
    ${method === 'pca' ? button({ label: t('Fit axes here'), disabled: busy, onClick: act.fitAxes }) : nothing}
    ${
      umapElsewhere
        ? button({
            label: t('Compute for {0}', positionName(position)),
            disabled: busy,
            onClick: () => act.show('umap'),
          })
        : nothing
    }
    ${segmented<'move' | 'lasso'>({
      label: t('Dragging'),
      options: [
        { value: 'move', label: t('Move') },
        { value: 'lasso', label: t('Lasso') },
      ],
      value: lasso ? 'lasso' : 'move',
      onChange: (chosen) => act.change({ lasso: chosen === 'lasso' }),
    })}
    ${button({ label: t('Select what is in view'), onClick: act.selectInView })}
    ${button({ label: t('Fit to view'), onClick: act.fitView })}
    ${
      named
        ? checkbox({ label: t('Names'), checked: names, onChange: (shown) => act.change({ names: shown }) })
        : nothing
    }
  </div>`;
}

/** What is shown, in what axes, how faithful, and drawn by what. */
export function caption(
  { points, of, varianceKept, fitted, source, labels, labelsOf }: MapAnswer,
  method: MapMethod,
  painter: Pick<Painter, 'name' | 'limit'> | undefined,
): TemplateResult {
  const drawn = Math.min(points, painter?.limit ?? points);
  const parts = [
    t('{0} of {1} items shown', integer(drawn), integer(of)),
    source,
    fitted,
    ...(varianceKept === undefined ? [] : [t('keep {0} of the variance', percent(varianceKept, 0))]),
    ...(painter === undefined ? [] : [t('drawn with {0}', painter.name)]),
  ];
  return html`<div>
    <p>${parts.join(' · ')}</p>
    ${
      labelsOf > labels.length
        ? html`<p class="caption">
            ${t('The {0} most frequent of {1} labels go by their names; point at an item to see its own.', integer(labels.length), integer(labelsOf))}
          </p>`
        : nothing
    }
    <p class="caption">
      ${
        method === 'pca'
          ? t('Two axes cannot keep every distance: trust the neighbours before the map.')
          : t('UMAP keeps who is near whom; sizes of groups and distances between them mean little.')
      }
    </p>
  </div>`;
}

/** What is being waited for. */
export function progress(store: Store, { method }: MapSettings, cancel: () => void): TemplateResult {
  if (store.position === undefined) {
    return html`<div class="placeholder">
      ${icon('graph-scatter')}
      <p>${t('The map appears with the first evaluation.')}</p>
    </div>`;
  }
  if (method === 'umap') return waiting(store, 'map', t('Computing UMAP'), cancel);
  return html`<div class="placeholder">${waiting(store, 'map', t('Loading the map …'))}</div>`;
}

/** The point under the pointer. */
export interface Hovered {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  /** Where there is room for a tooltip. */
  readonly right: boolean;
  readonly below: boolean;
}

export interface FigureState {
  readonly labels: readonly string[];
  /** Labels whose names stand on the map. */
  readonly names: readonly number[];
  readonly hovered: Hovered | undefined;
  readonly item: ItemView | undefined;
  readonly lassoed: number | undefined;
  readonly lasso: boolean;
  readonly busy: boolean;
  readonly undrawable: string | undefined;
}

/** The canvas and what lies over it. */
export function figure(state: FigureState): TemplateResult {
  const { labels, names, hovered, item, lassoed, lasso, busy, undrawable } = state;
  if (undrawable !== undefined) {
    return html`<p class="notice warning">${icon('warning')}<span>${undrawable} ${t('The table below says where the labels lie.')}</span></p>`;
  }
  const pointer = hovered !== undefined ? 'map-at-point' : lasso ? 'map-at-lasso' : 'map-at-nothing';
  return html`<figure class="map-figure ${pointer} ${busy ? 'map-stale' : ''}">
    <canvas
      tabindex="0"
      role="application"
      aria-roledescription=${t('map')}
      aria-label=${t('Map of the items. Arrow keys move it, plus and minus zoom, 0 shows everything. The table below has the same in words.')}
    ></canvas>
    <div class="map-over" aria-hidden="true">
      ${names.map((label) => html`<span class="map-name" data-label=${label}>${labelName(labels, label)}</span>`)}
      <svg class="map-lasso">${svg`<polygon></polygon>`}</svg>
      ${hovered === undefined ? nothing : tooltip(hovered, item)}
    </div>
    <p class="map-count ${lassoed === undefined ? 'visually-hidden' : ''}" role="status">
      ${lassoed === undefined ? nothing : t('{0} items within the lasso', integer(lassoed))}
    </p>
  </figure>`;
}

/** Beside the point, on the side where there is more room. */
function tooltip({ x, y, right, below }: Hovered, item: ItemView | undefined): TemplateResult {
  const place = [
    right ? `left: ${x + 14}px` : `right: calc(100% - ${x - 14}px)`,
    below ? `top: ${y + 14}px` : `bottom: calc(100% - ${y - 14}px)`,
  ].join(';');
  if (item === undefined) return html`<div class="map-tooltip quiet" .style=${place}>…</div>`;
  const words = [item.label, item.split].filter((part) => part !== undefined).join(' · ');
  return html`<div class="map-tooltip" .style=${place}>
    ${itemContent(item)}
    ${words === '' ? nothing : html`<p class="quiet">${words}</p>`}
  </div>`;
}
