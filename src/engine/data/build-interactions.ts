import type { ColumnMapping } from '../../protocol/dataset';
import { Int32Column } from './growable';
import { Interner, mostDistinct, tooMany } from './interner';
import type { ProblemLog } from './problems';
import type { Built, Origin } from './raw';
import { RowColumns } from './row-columns';
import { type Cell, cellNumber, cellText } from './table';

/** Turns rows of user and item into items of two sides. The same pair again is left out, and that is told. */
export class InteractionBuilder {
  private readonly users = new Interner();
  private readonly products = new Interner();
  private readonly rows = new RowColumns();
  private readonly product = new Int32Column();
  private readonly times: number[] = [];
  private readonly seen = new Set<number>();

  constructor(
    private readonly columns: ColumnMapping,
    private readonly log: ProblemLog,
  ) {}

  add(cell: (name: string | undefined) => Cell, origin: Origin, line: number): void {
    const user = cellText(cell(this.columns.user)).trim();
    const product = cellText(cell(this.columns.item)).trim();
    if (user === '' || product === '') {
      const column = user === '' ? this.columns.user : this.columns.item;
      const message = (): string =>
        `rows with an empty id are left out: ${origin.name}, line ${line}, column "${column}"`;
      this.log.add('warning', 'empty-cells', message, { file: origin.name, line });
      return;
    }
    const u = this.users.add(user, origin.file, line);
    const p = this.products.add(product, origin.file, line);
    // One number per pair and split: exact, as there are at most 2^24 of each. Across splits it is leakage, which is told.
    const pair = (u * 2 ** 24 + p) * 4 + origin.split + 1;
    if (this.seen.has(pair)) {
      const message = (): string =>
        `pairs of user and item that come again are counted once: ${origin.name}, line ${line}`;
      this.log.add('info', 'duplicates', message, { file: origin.name, line });
      return;
    }
    if (this.seen.size === mostDistinct) throw tooMany('distinct interactions');
    this.seen.add(pair);
    this.rows.add(u, origin, line);
    this.product.push(p);
    if (this.columns.time !== undefined) this.times.push(timeOf(cell(this.columns.time)));
  }

  /** Users come first, items after them. */
  finish(): Built {
    const { users, products } = this;
    const userCount = users.texts.length;
    const count = userCount + products.texts.length;
    const both = (a: Int32Array, b: Int32Array): Int32Array => {
      const joined = new Int32Array(count);
      joined.set(a);
      joined.set(b, userCount);
      return joined;
    };
    return {
      layout: 'interactions',
      labels: [],
      items: {
        kind: 'id',
        count,
        content: [...users.texts, ...products.texts],
        label: new Int32Array(count).fill(-1),
        file: both(users.file.view(), products.file.view()),
        line: both(users.line.view(), products.line.view()),
        side: new Uint8Array(count).fill(1, userCount),
      },
      rows: this.rows.finish('pairs', { second: this.product.view().map((p) => p + userCount) }),
      ...(this.columns.time === undefined ? {} : { time: Float64Array.from(this.times) }),
    };
  }
}

/** A number as it stands, a date as milliseconds; NaN where it is neither. */
function timeOf(cell: Cell): number {
  const number = cellNumber(cell);
  return Number.isNaN(number) ? Date.parse(cellText(cell)) : number;
}
