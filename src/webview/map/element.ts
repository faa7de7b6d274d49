import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { type MapMethod, type MapQuery, otherLabel } from '../../protocol/explore';
import { integer } from '../format';
import { failure } from '../items/failure';
import { ItemCache } from '../items/item-cache';
import { Question } from '../items/question';
import { select, selectionOf } from '../items/selection';
import { ThemeWatch } from '../items/theme';
import { mayMove } from '../may-move';
import { View } from '../view';
import { t } from '../words';
import { type LabelGroup, labelGroups } from './geometry';
import { type GestureListener, Gestures } from './gestures';
import { legend } from './legend';
import { type LoadedMap, loadMap } from './load';
import './map.css';
import { startingPoints } from './motion';
import { assignMarkers, themeColours } from './palette';
import { caption, figure, type Hovered, progress, tools } from './parts';
import { Plot } from './plot';
import { type MapSettings, mapSettings } from './settings';
import { stylesOf } from './styles';
import { drawLasso, placeNames } from './surface';
import { labelTable, selectionList } from './tables';

/** All items in the plane: PCA with axes that stay, so that movement is learning, or UMAP on request. */
export class MapElement extends View {
  readonly #map = new Question<MapQuery & { run: string }, LoadedMap>(this, (query, token) => {
    this.store.expect('map');
    return loadMap(this.store.host, query, token);
  });
  readonly #items = new ItemCache(
    (rows) => this.store.host.request('items', { run: this.store.head?.run ?? '', rows }),
    () => this.requestUpdate(),
  );
  readonly #theme = new ThemeWatch(this);
  #plot: Plot | undefined;
  #listening: AbortController | undefined;
  #drawn: LoadedMap | undefined;
  #groups: readonly LabelGroup[] = [];
  #byLabel: ReadonlyMap<number, LabelGroup> = new Map();
  #indices: ReadonlyMap<number, number> = new Map();
  #styled: readonly unknown[] = [];
  /** Selected items that are not on this map. */
  #missing = 0;
  #hovered: Hovered | undefined;
  /** Points within the lasso that is being drawn. */
  #lassoed: number | undefined;
  #undrawable: string | undefined;

  get #settings(): MapSettings {
    return mapSettings(this.store);
  }

  override disconnectedCallback(): void {
    this.#listening?.abort();
    this.#plot?.dispose();
    this.#plot = this.#drawn = undefined;
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    const { head, position } = this.store;
    const settings = this.#settings;
    if (settings.refitAt !== position) settings.refitAt = undefined;
    const at = settings.method === 'umap' ? settings.umapAt : position;
    const refit = settings.method === 'pca' && settings.refitAt !== undefined;
    if (head === undefined || at === undefined) this.#map.ask(undefined);
    else this.#map.ask({ run: head.run, at, method: settings.method, ...(refit && { refit }) });
    const map = this.#map.answer;
    if (map === undefined || map === this.#drawn) return;
    this.#groups = labelGroups(map.xy, map.label);
    this.#byLabel = new Map(this.#groups.map((group) => [group.label, group]));
    this.#indices = new Map(Array.from(map.row, (row, i) => [row, i]));
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const { answer: map, answered, busy, error } = this.#map;
    const settings = this.#settings;
    const again = (): void => this.#map.again();
    if (map === undefined) {
      return html`<div class="map" data-testid="map" aria-busy=${busy}>
        ${error === undefined ? progress(store, settings, () => this.#show('pca')) : failure(error, again)}
      </div>`;
    }
    const { labels } = map.answer;
    const selection = selectionOf(store);
    return html`<div class="map" data-testid="map" aria-busy=${busy}>
      ${tools({
        store,
        settings,
        busy,
        named: labels.length > 0,
        show: (method) => this.#show(method),
        fitAxes: () => this.#change({ refitAt: store.position }),
        fitView: () => this.#plot?.fit(),
        selectInView: () => this.#selectInView(),
        change: (patch) => this.#change(patch),
      })}
      ${error === undefined ? nothing : failure(error, again)}
      ${caption(map.answer, answered?.method ?? settings.method, this.#plot?.painter)}
      ${busy && settings.method === 'umap' ? progress(store, settings, () => this.#show('pca')) : nothing}
      <div class="map-body">
        ${figure({
          labels,
          names: settings.names && labels.length > 0 ? [...settings.markers.keys()] : [],
          hovered: this.#hovered,
          item: this.#hovered && this.#items.get(map.row[this.#hovered.index] as number),
          lassoed: this.#lassoed,
          lasso: settings.lasso,
          busy,
          undrawable: this.#undrawable,
        })}
        ${legend({
          labels,
          groups: this.#groups,
          markers: settings.markers,
          hidden: settings.hidden,
          search: settings.search,
          onSearch: (search) => this.#change({ search }),
          onHide: (hidden) => this.#change({ hidden }),
        })}
      </div>
      ${
        selection === undefined
          ? nothing
          : selectionList(
              store,
              selection,
              this.#missing,
              (row) => this.#items.get(row),
              () => this.#select(undefined),
            )
      }
      ${labelTable(labels, this.#groups)}
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const map = this.#map.answer;
    const canvas = this.querySelector('canvas');
    if (map === undefined || canvas === null) return;
    if (this.#plot?.canvas !== canvas) this.#startPlot(canvas);
    if (this.#plot === undefined) return;
    if (map !== this.#drawn) this.#showPoints(this.#plot, map);
    this.#restyle(this.#plot, map);
    placeNames(this, this.#byLabel, this.#plot);
  }

  #startPlot(canvas: HTMLCanvasElement): void {
    this.#listening?.abort();
    this.#plot?.dispose();
    this.#plot = this.#drawn = undefined;
    if (this.#undrawable !== undefined) return;
    try {
      const plot = new Plot(canvas, this.#settings.camera, () => placeNames(this, this.#byLabel, plot));
      this.#plot = plot;
      this.#listening = new AbortController();
      new Gestures(plot, this.#gestures, this.#listening.signal).listen();
    } catch (error) {
      this.#undrawable = error instanceof Error ? error.message : String(error);
    }
    // The caption says what draws.
    this.requestUpdate();
  }

  #showPoints(plot: Plot, map: LoadedMap): void {
    const before = this.#drawn;
    this.#drawn = map;
    const moves = before !== undefined && before.answer.fitted === map.answer.fitted && mayMove();
    plot.setPoints(map.xy, moves ? startingPoints({ xy: plot.xy, row: before.row }, map) : map.xy);
    // Other axes are another place.
    if (before !== undefined && before.answer.fitted !== map.answer.fitted) plot.fit();
  }

  #restyle(plot: Plot, map: LoadedMap): void {
    const settings = this.#settings;
    const selection = selectionOf(this.store);
    const look = [map, settings.hidden, selection, this.#theme.version] as const;
    if (look.every((part, i) => part === this.#styled[i]) && plot === this.#styled[look.length]) return;
    this.#styled = [...look, plot];
    const visible = this.#groups
      .map(({ label }) => label)
      .filter((label) => label !== otherLabel && !settings.hidden.has(label));
    settings.markers = assignMarkers(settings.markers, visible);
    const selected =
      selection && Array.from(selection.rows, (row) => this.#indices.get(row)).filter((i) => i !== undefined);
    plot.setStyles(
      stylesOf(map.label, {
        markers: settings.markers,
        hidden: settings.hidden,
        colours: themeColours(),
        selected,
      }),
    );
    this.#missing = (selection?.rows.length ?? 0) - (selected?.length ?? 0);
    // The legend's keys follow.
    this.requestUpdate();
  }

  #change(patch: Partial<MapSettings>): void {
    Object.assign(this.#settings, patch);
    this.requestUpdate();
  }

  #show(method: MapMethod): void {
    // It is another map, of which everything is to be seen.
    this.#settings.camera.moved = false;
    this.#change({ method, ...(method === 'umap' && { umapAt: this.store.position }) });
  }

  readonly #gestures: GestureListener = {
    isLasso: () => this.#settings.lasso,
    hover: (index, x, y) => {
      if (index === undefined && this.#hovered === undefined) return;
      const { width, height } = this.#settings.camera;
      this.#hovered =
        index === undefined ? undefined : { index, x, y, right: x < width / 2, below: y < height / 2 };
      this.requestUpdate();
    },
    pick: (index) => this.#selectIndices([index], t('1 item selected')),
    lasso: (polygon, done) => {
      drawLasso(this, done ? [] : polygon);
      const inside = this.#plot?.inside(polygon) ?? [];
      this.#lassoed = done ? undefined : inside.length;
      if (done) this.#selectIndices(inside, t('{0} items within the lasso', integer(inside.length)));
      this.requestUpdate();
    },
  };

  #selectInView(): void {
    const { width, height } = this.#settings.camera;
    const inside = this.#plot?.inside([0, 0, width, 0, width, height, 0, height]) ?? [];
    this.#selectIndices(inside, t('{0} items in view', integer(inside.length)));
  }

  #selectIndices(indices: ArrayLike<number>, what: string): void {
    const run = this.store.head?.run;
    const map = this.#map.answer;
    if (run === undefined || map === undefined || indices.length === 0) return;
    this.#select({ run, rows: Int32Array.from(indices, (i) => map.row[i] as number), what });
  }

  #select(selection: Parameters<typeof select>[1]): void {
    select(this.store, selection);
    this.requestUpdate();
  }
}
customElements.define('infonce-map', MapElement);
