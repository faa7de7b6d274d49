import { html, nothing, svg, type TemplateResult } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import type { ItemView, MapAnswer, MapMethod } from '../../protocol/explore';
import { button, icon, ring, segmented } from '../controls';
import { integer, percent } from '../format';
import { itemContent } from '../items/item';
import { positionName } from '../items/position';
import type { Store } from '../store';
import { t } from '../words';
import { labelName } from './legend';
import type { Painter } from './painter';
import type { MapSettings } from './settings';

export interface ToolsState {
  readonly store: Store;
  readonly settings: MapSettings;
  readonly busy: boolean;
  readonly show: (method: MapMethod) => void;
  readonly fitAxes: () => void;
  readonly fitView: () => void;
  readonly selectInView: () => void;
  readonly change: (patch: Partial<MapSettings>) => void;
}

export function tools({ store, settings, busy, ...act }: ToolsState): TemplateResult {
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
    ${button({ label: t('Fit to view'), icon: 'screen-full', onClick: act.fitView })}
    ${button({
      label: t('Lasso'),
      icon: 'edit',
      pressed: lasso,
      onClick: () => act.change({ lasso: !lasso }),
    })}
    ${button({ label: t('Select what is in view'), onClick: act.selectInView })}
    ${button({ label: t('Names'), icon: 'tag', pressed: names, onClick: () => act.change({ names: !names }) })}
  </div>`;
}

/** What is shown, in what axes, how faithful, and drawn by what. */
export function caption(
  { points, of, varianceKept, fitted }: MapAnswer,
  method: MapMethod,
  painter: Pick<Painter, 'name' | 'limit'> | undefined,
): TemplateResult {
  const drawn = Math.min(points, painter?.limit ?? points);
  const parts = [
    t('{0} of {1} items shown', integer(drawn), integer(of)),
    fitted,
    ...(varianceKept === undefined ? [] : [t('keep {0} of the variance', percent(varianceKept, 0))]),
    ...(painter === undefined ? [] : [t('drawn with {0}', painter.name)]),
  ];
  return html`<p class="map-caption">
    ${parts.join(' · ')}
    <span class="quiet">
      ${
        method === 'pca'
          ? t('Two axes cannot keep every distance: trust the neighbours before the map.')
          : t('UMAP keeps who is near whom; sizes of groups and distances between them mean little.')
      }
    </span>
  </p>`;
}

/** What is being waited for. */
export function progress(store: Store, { method }: MapSettings, cancel: () => void): TemplateResult {
  if (store.position === undefined) {
    return html`<div class="placeholder">
      ${icon('graph-scatter')}
      <p>${t('The map appears with the first evaluation.')}</p>
    </div>`;
  }
  if (method === 'pca') {
    return html`<div class="placeholder">${ring(t('Loading'))}<p>${t('Loading the map …')}</p></div>`;
  }
  const { done = 0, total = 0 } = store.busy ?? {};
  return html`<div class="map-progress" role="status">
    <span>${t('Computing UMAP')}</span>
    ${
      total > 0
        ? html`<progress max=${total} .value=${done} aria-label=${t('UMAP')}></progress>
            <span class="quiet number">${percent(done / total, 0)}</span>`
        : ring(t('Computing UMAP'))
    }
    ${button({ label: t('Cancel'), onClick: cancel })}
  </div>`;
}

export function failure(sentence: string, again: () => void): TemplateResult {
  return html`<div class="notice error" role="alert">
    ${icon('error')}<span>${sentence}</span>${button({ label: t('Try again'), onClick: again })}
  </div>`;
}

/** The point under the pointer. */
export interface Hovered {
  readonly index: number;
  readonly x: number;
  readonly y: number;
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
    <p class="map-count" role="status">
      ${lassoed === undefined ? nothing : t('{0} items within the lasso', integer(lassoed))}
    </p>
  </figure>`;
}

function tooltip({ x, y }: Hovered, item: ItemView | undefined): TemplateResult {
  const place = styleMap({ left: `${x + 14}px`, top: `${y + 14}px` });
  if (item === undefined) return html`<div class="map-tooltip quiet" style=${place}>…</div>`;
  const words = [item.label, item.split].filter((part) => part !== undefined).join(' · ');
  return html`<div class="map-tooltip" style=${place}>
    ${itemContent(item)}
    ${words === '' ? nothing : html`<p class="quiet">${words}</p>`}
  </div>`;
}
