import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import type { LabelView, RunItems } from '../../protocol/explore';
import { dropdown } from '../controls';
import { counted, integer } from '../format';
import { Delay } from '../items/delay';
import { Question } from '../items/question';
import type { Store } from '../store';
import { t } from '../words';
import { combobox, type Suggestion } from './combobox';
import { field } from './filters';
import { type NeighbourSettings, neighbourSettings } from './settings';

/** So many stand in a list that opens; of more, one is found by typing. */
const listed = 200;
const suggested = 20;
const typingPause = 120;

/** The control that keeps neighbours of one label, whatever the number of labels. */
export class LabelField {
  readonly #found: Question<
    { run: string; text: string; limit: number },
    { readonly labels: readonly LabelView[]; readonly found: number }
  >;
  readonly #pause = new Delay(typingPause);
  /** What is being typed; undefined: the name of what is chosen stands there. */
  #typed: string | undefined;
  #open = false;
  #active = -1;

  constructor(
    private readonly host: LitElement,
    private readonly store: () => Store,
  ) {
    this.#found = new Question(host, (params, token) => store().host.request('labels', params, token));
  }

  get #settings(): NeighbourSettings {
    return neighbourSettings(this.store());
  }

  render({ labels, labelsOf }: RunItems): TemplateResult | typeof nothing {
    if (labelsOf === 0) return nothing;
    return field(
      t('Label'),
      labelsOf <= listed && labels.length === labelsOf ? this.#list(labels) : this.#search(labelsOf),
    );
  }

  #list(labels: readonly string[]): TemplateResult {
    return dropdown({
      label: t('Label'),
      options: [
        { value: '', label: t('all') },
        ...labels.map((name, place) => ({ value: String(place), label: name })),
      ],
      value: String(this.#settings.label?.place ?? ''),
      onChange: (value) => {
        const place = Number(value);
        this.#choose(value === '' ? undefined : { place, name: labels[place] ?? '' });
      },
    });
  }

  #search(labelsOf: number): TemplateResult {
    const { label } = this.#settings;
    const { answer, error } = this.#found;
    const all: Suggestion[] =
      label === undefined ? [] : [{ content: t('all labels'), choose: () => this.#choose(undefined) }];
    return combobox({
      id: 'neighbour-label',
      label: t('Label'),
      placeholder: t('all {0}: type to find one', integer(labelsOf)),
      value: this.#typed ?? label?.name ?? '',
      open: this.#open,
      suggestions: [...all, ...(answer?.labels ?? []).map((found) => this.#suggestion(found))],
      active: this.#active,
      footer: error ?? (answer && t('{0} of {1} labels found', answer.labels.length, integer(answer.found))),
      testId: 'neighbour-label',
      onInput: (text) => this.#type(text),
      onActive: (active) => this.#set(() => (this.#active = active)),
      onOpen: (open) => {
        if (open && this.#typed === undefined) this.#type('');
        else if (!open) this.#close();
      },
      onEnter: () => {
        const [first] = answer?.labels ?? [];
        if (this.#open && first !== undefined) this.#choose(first);
      },
    });
  }

  #suggestion(found: LabelView): Suggestion {
    return {
      content: html`<span class="item-text">${found.name}</span>
        <span class="caption">${counted(found.items, t('item'), t('items'))}</span>`,
      choose: () => this.#choose(found),
    };
  }

  #type(text: string): void {
    this.#set(() => {
      this.#typed = text;
      this.#open = true;
      this.#active = -1;
    });
    this.#pause.call(() => {
      const run = this.store().head?.run;
      this.#found.ask(run === undefined ? undefined : { run, text, limit: suggested });
    });
  }

  #choose(label: NeighbourSettings['label']): void {
    this.#settings.label = label && { place: label.place, name: label.name };
    this.#close();
  }

  #close(): void {
    this.#pause.cancel();
    this.#found.ask(undefined);
    this.#set(() => {
      this.#typed = undefined;
      this.#open = false;
      this.#active = -1;
    });
  }

  #set(change: () => void): void {
    change();
    this.host.requestUpdate();
  }
}
