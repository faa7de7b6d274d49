import { html, nothing, type TemplateResult } from 'lit';
import type { ItemView } from '../../protocol/explore';
import type { Store } from '../store';
import { t } from '../words';
import './items.css';

/** What an item is called in a sentence: its text, its file, or its id. */
export function nameOf(item: ItemView): string {
  return item.content ?? item.path ?? item.id;
}

/** `train.csv:12`, or the path of an image. */
function placeOf({ path, file, line }: ItemView): string | undefined {
  if (path !== undefined) return path;
  return file === undefined || line === undefined ? file : `${file}:${line}`;
}

/** The item itself: a thumbnail, or its text. */
export function itemContent(item: ItemView): TemplateResult {
  if (item.image === undefined) {
    return html`<span class="item-text">${nameOf(item)}</span>${item.cut === true ? cutMark() : nothing}`;
  }
  return html`<img class="item-image" src=${item.image} alt=${nameOf(item)} loading="lazy" />`;
}

/** Stands behind what does not show all. */
function cutMark(): TemplateResult {
  return html`<span class="item-cut" title=${t('Too long to be shown here: open its source for all of it.')}
    >${t('cut')}</span
  >`;
}

export function reveal(store: Store, run: string, { file, line, path }: ItemView): void {
  const item = {
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(path !== undefined && { path }),
  };
  store.host.notify('reveal', { run, item });
}

/** A link to where the item came from, which opens it in the editor. */
export function sourceLink(store: Store, run: string, item: ItemView): TemplateResult | typeof nothing {
  const place = placeOf(item);
  if (place === undefined) return nothing;
  return html`<button
    class="link item-place"
    title=${t('Open {0} beside the panel', place)}
    @click=${(event: Event) => {
      event.stopPropagation();
      reveal(store, run, item);
    }}
  >
    ${place}
  </button>`;
}

/** Turns to the neighbours of the item. */
export function lookUp(store: Store, item: Pick<ItemView, 'row'>): void {
  store.update({ view: 'neighbours', query: { row: item.row } });
}
