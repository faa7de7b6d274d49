import type { ItemView } from '../../protocol/explore';
import { Delay } from './delay';

/** The host answers this many rows at once. */
const requestLimit = 200;
const kept = 5000;

/** Items by row, fetched when they are wanted, several in one request. */
export class ItemCache {
  readonly #items = new Map<number, ItemView>();
  readonly #wanted = new Set<number>();
  readonly #delay = new Delay(40);

  constructor(
    private readonly fetch: (rows: readonly number[]) => Promise<readonly ItemView[]>,
    private readonly changed: () => void,
  ) {}

  /** The item, or nothing yet: it is on its way then, and `changed` is called. */
  get(row: number): ItemView | undefined {
    const item = this.#items.get(row);
    if (item === undefined && !this.#wanted.has(row)) {
      this.#wanted.add(row);
      this.#delay.call(() => void this.#load());
    }
    return item;
  }

  clear(): void {
    this.#delay.cancel();
    this.#items.clear();
    this.#wanted.clear();
  }

  async #load(): Promise<void> {
    const rows = [...this.#wanted].slice(0, requestLimit);
    try {
      const items = await this.fetch(rows);
      if (this.#items.size + items.length > kept) this.#items.clear();
      for (const item of items) this.#items.set(item.row, item);
    } catch {
      // What cannot be read is shown by its row; the next look asks again.
    }
    for (const row of rows) this.#wanted.delete(row);
    if (this.#wanted.size > 0) this.#delay.call(() => void this.#load());
    this.changed();
  }
}
