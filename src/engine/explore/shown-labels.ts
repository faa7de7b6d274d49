import { cutText } from '../../protocol/cut-text';
import { type LabelView, labelLimit } from '../../protocol/explore';
import type { ItemTable } from './item-table';

/** Names that are told at once, bytes of JSON: with what is said around them they fit into one message. */
const namesAtMost = 128 * 1024;

/**
 * The labels of a run as they are shown: named by their place, the most frequent first. Of very many only the first are
 * told, and the others are found by their words; a name of any length is cut where it is shown.
 */
export class ShownLabels {
  /** The first of them, as many as fit. */
  readonly names: readonly string[];
  /** Code of `ItemTable.labels` by place, and the other way round. */
  private readonly codes: Int32Array;
  private readonly places: Int32Array;
  private readonly counts: Int32Array;

  constructor(private readonly items: ItemTable) {
    const count = items.labels.length;
    this.counts = new Int32Array(count);
    for (const code of items.label) if (code >= 0) this.counts[code] = (this.counts[code] as number) + 1;
    const often = (code: number): number => this.counts[code] as number;
    this.codes = Int32Array.from({ length: count }, (_, code) => code).sort(
      (a, b) => often(b) - often(a) || a - b,
    );
    this.places = new Int32Array(count);
    for (const [place, code] of this.codes.entries()) this.places[code] = place;
    this.names = this.firstNames();
  }

  /** All of them, those included that are not told. */
  get count(): number {
    return this.codes.length;
  }

  /** The place of an item's label, -1 where it has none. */
  placeOf(row: number): number {
    const code = this.items.label[row] as number;
    return code < 0 ? -1 : (this.places[code] as number);
  }

  /** In full; undefined where there is no such place. */
  nameAt(place: number): string | undefined {
    const code = this.codes[place];
    return code === undefined ? undefined : this.items.labels[code];
  }

  /** Labels that contain the words, whatever their case, the most frequent first. */
  find(words: string, limit: number): { readonly labels: LabelView[]; readonly found: number } {
    const wanted = words.trim().toLowerCase();
    const labels: LabelView[] = [];
    let found = 0;
    for (const [place, code] of this.codes.entries()) {
      const name = this.items.labels[code] as string;
      if (!name.toLowerCase().includes(wanted)) continue;
      found++;
      if (labels.length < limit)
        labels.push({ place, name: cutText(name, labelLimit), items: this.counts[code] as number });
    }
    return { labels, found };
  }

  private firstNames(): string[] {
    const names: string[] = [];
    let bytes = 0;
    for (const code of this.codes) {
      const name = cutText(this.items.labels[code] as string, labelLimit);
      bytes += Buffer.byteLength(JSON.stringify(name)) + 1;
      if (bytes > namesAtMost) break;
      names.push(name);
    }
    return names;
  }
}
