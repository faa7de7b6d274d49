import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { shownName } from '../../protocol/names';
import { type ViewName, viewNames } from '../../protocol/panel';
import { isActive } from '../run';
import type { Store } from '../store';
import { View } from '../view';
import { t } from '../words';
import { header } from './header';
import { banner, instead, silence } from './notices';
import { scrubber } from './scrubber';
import './shell.css';
import { tabs } from './tabs';

/** Views that show one evaluation, chosen by the slider. */
const scrubbed: ReadonlySet<ViewName> = new Set(['loss', 'similarities', 'neighbours', 'pairs', 'map']);

/** The whole page: what run this is, what to look at, at which evaluation, and the view. */
export class Page extends View {
  static override properties = { store: { attribute: false } };

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { head, mode } = this.store;
    document.title = mode === 'compare' ? t('Comparison') : head === undefined ? t('Run') : shownName(head);
  }

  protected override render(): TemplateResult {
    const { store } = this;
    return html`${silence(store)}${this.#whole(store)}`;
  }

  #whole(store: Store): TemplateResult {
    const whole = instead(store);
    if (whole !== undefined && store.head === undefined) return html`<main>${whole}</main>`;
    if (store.mode === 'compare') return html`<main>${viewOf('compare', store)}</main>`;
    const views = viewNames.filter((name): name is Exclude<ViewName, 'compare'> => name !== 'compare');
    const view = views.find((name) => name === store.state.view) ?? 'loss';
    if (whole !== undefined) return html`${header(store)}<main>${whole}</main>`;
    return html`${header(store)}${banner(store)}
      ${tabs(views, view, (chosen) => store.update({ view: chosen }))}
      <main id="view" role="tabpanel" aria-labelledby="tab-${view}">
        ${scrubbed.has(view) && (store.positions.length > 0 || isActive(store.head?.state ?? 'queued')) ? scrubber(store) : nothing}
        ${viewOf(view, store)}
      </main>`;
  }
}
customElements.define('infonce-page', Page);

function viewOf(name: ViewName, store: Store): TemplateResult {
  switch (name) {
    case 'loss':
      return html`<infonce-loss .store=${store}></infonce-loss>`;
    case 'similarities':
      return html`<infonce-similarities .store=${store}></infonce-similarities>`;
    case 'neighbours':
      return html`<infonce-neighbours .store=${store}></infonce-neighbours>`;
    case 'pairs':
      return html`<infonce-pairs .store=${store}></infonce-pairs>`;
    case 'map':
      return html`<infonce-map .store=${store}></infonce-map>`;
    case 'health':
      return html`<infonce-health .store=${store}></infonce-health>`;
    case 'compare':
      return html`<infonce-compare .store=${store}></infonce-compare>`;
  }
}
