import { html, nothing, type TemplateResult } from 'lit';
import type { NeighbourAnswer, NeighbourQuery } from '../../protocol/explore';
import { icon, ring } from '../controls';
import { integer } from '../format';
import { failure } from '../items/failure';
import { itemContent, nameOf, sourceLink } from '../items/item';
import { positionName } from '../items/position';
import { Question } from '../items/question';
import { RunItemsQuestion } from '../items/run-items';
import { rowsOf, select, selectionOf } from '../items/selection';
import { selectionBar } from '../items/selection-bar';
import { givenUp, waiting } from '../items/waiting';
import { View } from '../view';
import { t } from '../words';
import { filters } from './filters';
import { LabelField } from './label-field';
import './neighbours.css';
import { QueryField } from './query';
import { saving } from './saving';
import { type NeighbourSettings, neighbourSettings } from './settings';
import { neighbourTable } from './table';

/** Who is near whom: a text, an item or an image, and the items most like it, at the slider's position. */
export class NeighboursElement extends View {
  readonly #items = new RunItemsQuestion(this, () => this.store);
  readonly #neighbours = new Question<NeighbourQuery & { run: string }, NeighbourAnswer>(
    this,
    (query, token) => this.store.host.request('neighbours', query, token),
  );
  readonly #field = new QueryField(this, () => this.store);
  readonly #label = new LabelField(this, () => this.store);
  /** What became of the last copy or save. */
  #saved: string | undefined;

  get #settings(): NeighbourSettings {
    return neighbourSettings(this.store);
  }

  protected override willUpdate(): void {
    const { head, position, shown, state } = this.store;
    const settings = this.#settings;
    if (shown?.query !== undefined && shown !== settings.taken) {
      settings.taken = shown;
      settings.image = shown.image;
      settings.text = 'text' in shown.query ? shown.query.text : '';
    }
    this.#items.askAboutNow();
    const { query } = state;
    if (head === undefined || position === undefined || query === undefined) {
      this.#neighbours.ask(undefined);
      return;
    }
    const { k, label, split, since } = settings;
    this.#neighbours.ask({
      run: head.run,
      query,
      k,
      at: position,
      ...(label !== undefined && { label: label.place }),
      ...(split !== undefined && { split }),
      ...(since !== undefined && !('at' in since && since.at === position) && { since }),
    });
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const items = this.#items.answer;
    if (store.position === undefined) {
      return html`<div class="placeholder">
        ${icon('search')}
        <p>${t('Neighbours can be looked up from the first evaluation on.')}</p>
      </div>`;
    }
    if (items === undefined) {
      const { error } = this.#items;
      return error === undefined
        ? html`<div class="placeholder">${waiting(store, 'items', t('Reading the items …'))}</div>`
        : failure(error, () => this.#items.again());
    }
    return html`${this.#field.render(items)}
      ${filters(store, this.#label.render(items), this.#settings, (patch) => {
        Object.assign(this.#settings, patch);
        this.requestUpdate();
      })}
      ${this.#results()}`;
  }

  #results(): TemplateResult {
    const { answer, answered, busy, slow, error } = this.#neighbours;
    const selected = rowsOf(selectionOf(this.store));
    return html`<section
      class="neighbour-results"
      data-testid="neighbour-results"
      aria-label=${t('Neighbours')}
      aria-busy=${busy}
    >
      ${error === undefined ? nothing : failure(error, () => this.#neighbours.again())}
      ${slow ? waiting(this.store, 'items', t('Looking up …'), () => this.#neighbours.giveUp()) : nothing}
      ${
        this.#neighbours.givenUp || answer === undefined || answered === undefined
          ? this.#nothingYet(busy)
          : html`<div class=${busy || error !== undefined ? 'answer-stale' : ''}>
              ${this.#asked(answer, answered)} ${this.#about(answer)}
              ${selectionBar(
                this.store,
                t(
                  '{0} of these {1} neighbours',
                  answer.rows.filter(({ row }) => selected.has(row)).length,
                  answer.rows.length,
                ),
                () => this.requestUpdate(),
              )}
              ${
                answer.rows.length === 0
                  ? html`<p class="quiet">${t('Nothing to show: no item passes these filters.')}</p>`
                  : neighbourTable({
                      store: this.store,
                      run: answered.run,
                      answer,
                      selected,
                      // Where nothing could be compared the note says why.
                      since: answer.left === undefined ? undefined : this.#sinceWords(answered),
                    })
              }
            </div>`
      }
    </section>`;
  }

  #nothingYet(busy: boolean): TemplateResult | typeof nothing {
    const { slow, givenUp: stopped } = this.#neighbours;
    if (busy) return slow ? nothing : html`<div class="placeholder">${ring(t('Looking up …'))}</div>`;
    if (stopped) {
      return givenUp(t('The look-up was given up.'), t('Look Up Again'), () => this.#neighbours.again());
    }
    if (this.store.state.query !== undefined) return nothing;
    return html`<div class="placeholder">
      ${icon('search')}
      <h2>${t('Who is near whom?')}</h2>
      <p>${t('Name something to look up. The list follows the slider, so that you can watch it change while the model learns.')}</p>
    </div>`;
  }

  /** What was asked about. */
  #asked({ query: item }: NeighbourAnswer, { query, run }: NeighbourQuery & { run: string }): TemplateResult {
    if (item !== undefined) {
      return html`<div class="asked">
        ${itemContent(item)}
        ${item.label === undefined ? nothing : html`<span class="item-label">${item.label}</span>`}
        ${sourceLink(this.store, run, item)}
      </div>`;
    }
    if ('text' in query) return html`<div class="asked"><q class="item-text">${query.text}</q></div>`;
    if (!('image' in query)) return html``;
    const { image } = this.#settings;
    return html`<div class="asked">
      ${image === undefined ? nothing : html`<img class="item-image" src=${image} alt=${t('The image asked about')} />`}
      <span class="item-text" title=${query.image}>${query.image.split(/[/\\]/).at(-1)}</span>
    </div>`;
  }

  /** Where the answer is from and how it was measured, and what can be done with it. */
  #about(answer: NeighbourAnswer): TemplateResult {
    const { rows, source, searched, of, note } = answer;
    return html`<div class="toolbar about">
        <p class="caption">
          ${t('Cosine of L2-normalised embeddings')} · ${source} ·
          ${t('{0} of {1} items searched', integer(searched), integer(of))}
        </p>
        ${
          rows.length === 0
            ? nothing
            : saving(
                this.store.host,
                rows,
                (sentence) => {
                  this.#saved = sentence;
                  this.requestUpdate();
                },
                () => this.#showOnMap(answer),
              )
        }
        <span role="status" class="caption">${this.#saved ?? ''}</span>
      </div>
      ${note === undefined ? nothing : html`<div class="notice info">${icon('info')}<span>${note}</span></div>`}`;
  }

  #showOnMap({ rows, query }: NeighbourAnswer): void {
    const { store } = this;
    const run = store.head?.run;
    if (run === undefined) return;
    const all = query === undefined ? rows : [query, ...rows];
    const what =
      query === undefined
        ? t('{0} neighbours', rows.length)
        : t('“{0}” and its {1} neighbours', nameOf(query).slice(0, 60), rows.length);
    select(store, { run, rows: Int32Array.from(all, ({ row }) => row), what });
    store.update({ view: 'map' });
  }

  #sinceWords({ since }: NeighbourQuery): string | undefined {
    if (since === undefined) return undefined;
    if ('at' in since) return positionName(since.at);
    return t('run {0}', this.store.others.find(({ run }) => run === since.run)?.name ?? since.run);
  }
}
customElements.define('infonce-neighbours', NeighboursElement);
