import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import type { ItemView, Query, RunItems } from '../../protocol/explore';
import { button } from '../controls';
import { integer } from '../format';
import { Delay } from '../items/delay';
import { itemContent, nameOf } from '../items/item';
import { Question } from '../items/question';
import type { Store } from '../store';
import { t } from '../words';
import { combobox, type Suggestion } from './combobox';
import { neighbourSettings } from './settings';

const suggested = 8;
const typingPause = 120;

/** The field in which the user says what to look up: a text, an item that is found while typing, or an image. */
export class QueryField {
  readonly #found: Question<
    { run: string; text: string; limit: number },
    { readonly items: readonly ItemView[]; readonly found: number }
  >;
  readonly #pause = new Delay(typingPause);
  #open = false;
  #active = -1;
  /** Whether an image is being chosen, or why it could not be. */
  #imageError: string | undefined;

  constructor(
    private readonly host: LitElement,
    private readonly store: () => Store,
  ) {
    this.#found = new Question(host, (params, token) => store().host.request('find', params, token));
  }

  render({ kind }: RunItems): TemplateResult {
    const store = this.store();
    const settings = neighbourSettings(store);
    const { text } = settings;
    const free = kind === 'text' && text.trim() !== '';
    const answer = this.#open && text.trim() !== '' ? this.#found.answer : undefined;
    const items = answer?.items ?? [];
    const suggestions: Suggestion[] = [
      ...(free && items.length > 0
        ? [{ content: t('Look up the text “{0}”', text), choose: () => this.#lookUp({ text }) }]
        : []),
      ...items.map((item) => ({ content: suggestion(item), choose: () => this.#choose(item) })),
    ];
    return html`<div class="query">
        ${combobox({
          id: 'neighbour-query',
          label: kind === 'text' ? t('Text or item to look up') : t('Item to look up'),
          placeholder:
            kind === 'text' ? t('Type a text, or find an item') : t('Find an item by its name or label'),
          value: text,
          open: this.#open,
          suggestions,
          active: this.#active,
          footer: this.#footer(answer),
          testId: 'neighbour-query',
          onInput: (value) => this.#type(value),
          onActive: (active) => this.#set(() => (this.#active = active)),
          onOpen: (open) => this.#set(() => (this.#open = open)),
          onEnter: () => {
            if (free) this.#lookUp({ text });
            else if (items[0] !== undefined) this.#choose(items[0]);
          },
        })}
        ${
          kind === 'text'
            ? button({
                label: t('Look up'),
                primary: true,
                disabled: !free,
                onClick: () => this.#lookUp({ text }),
              })
            : nothing
        }
        ${
          kind === 'image'
            ? button({ label: t('Image …'), icon: 'file-media', onClick: () => void this.#pickImage() })
            : nothing
        }
      </div>
      ${this.#imageError === undefined ? nothing : html`<p role="alert">${this.#imageError}</p>`}`;
  }

  #footer(
    answer: { readonly items: readonly ItemView[]; readonly found: number } | undefined,
  ): string | undefined {
    if (this.#found.error !== undefined) return this.#found.error;
    if (answer === undefined) return undefined;
    if (answer.found === 0) return t('No item has these words.');
    return answer.found > answer.items.length
      ? t('{0} of {1} items found', answer.items.length, integer(answer.found))
      : undefined;
  }

  #type(text: string): void {
    neighbourSettings(this.store()).text = text;
    this.#set(() => {
      this.#open = true;
      this.#active = -1;
    });
    this.#pause.call(() => {
      const run = this.store().head?.run;
      const words = text.trim();
      this.#found.ask(run === undefined || words === '' ? undefined : { run, text: words, limit: suggested });
    });
  }

  #choose(item: ItemView): void {
    neighbourSettings(this.store()).text = nameOf(item);
    this.#lookUp({ row: item.row });
  }

  #lookUp(query: Query): void {
    this.#pause.cancel();
    this.#found.ask(undefined);
    this.#open = false;
    this.#active = -1;
    neighbourSettings(this.store()).image = undefined;
    this.store().update({ query });
  }

  async #pickImage(): Promise<void> {
    const store = this.store();
    const run = store.head?.run;
    if (run === undefined) return;
    try {
      const picked = await store.host.request('pickImage', { run });
      this.#imageError = undefined;
      if (picked !== null) {
        this.#lookUp({ image: picked.path });
        Object.assign(neighbourSettings(store), { image: picked.image, text: '' });
      }
    } catch (error) {
      this.#imageError = error instanceof Error ? error.message : String(error);
    }
    this.host.requestUpdate();
  }

  #set(change: () => void): void {
    change();
    this.host.requestUpdate();
  }
}

function suggestion(item: ItemView): TemplateResult {
  return html`${itemContent(item)}
  ${item.image === undefined ? nothing : html`<span class="item-text">${nameOf(item)}</span>`}
  ${item.label === undefined ? nothing : html`<span class="item-label">${item.label}</span>`}`;
}
