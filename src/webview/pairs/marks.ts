import type { ReactiveControllerHost } from 'lit';
import type { PairMark, PairRow } from '../../protocol/explore';
import type { Store } from '../store';

type Mark = PairMark | null;
interface Change {
  readonly pair: PairRow;
  readonly before: Mark;
}

const keyOf = ({ first, second }: PairRow): string => `${first.row}:${second.row}`;

/** What the user says of pairs. It shows at once and is taken back where the host cannot keep it. */
export class Marks {
  readonly #marks = new Map<string, Mark>();
  readonly #changes: Change[] = [];
  /** Where the marks are kept and how many there are, as the host said last. */
  kept: { readonly file: string; readonly marks: number } | undefined;
  /** A sentence for the user. */
  error: string | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly store: () => Store,
  ) {}

  of(pair: PairRow): Mark {
    return this.#marks.get(keyOf(pair)) ?? (this.#marks.has(keyOf(pair)) ? null : (pair.mark ?? null));
  }

  /** The pair whose mark would be undone. */
  get last(): PairRow | undefined {
    return this.#changes.at(-1)?.pair;
  }

  async set(pair: PairRow, mark: Mark): Promise<void> {
    const before = this.of(pair);
    if (before === mark) return;
    const change = { pair, before };
    this.#changes.push(change);
    if (await this.#send(pair, mark, before)) return;
    this.#changes.splice(this.#changes.indexOf(change), 1);
    this.host.requestUpdate();
  }

  async undo(): Promise<void> {
    const change = this.#changes.pop();
    if (change === undefined) return;
    const { pair, before } = change;
    if (!(await this.#send(pair, before, this.of(pair)))) this.#changes.push(change);
    this.host.requestUpdate();
  }

  /** Returns whether it is kept. */
  async #send(pair: PairRow, mark: Mark, before: Mark): Promise<boolean> {
    const { host, head } = this.store();
    if (head === undefined) return false;
    this.#marks.set(keyOf(pair), mark);
    this.host.requestUpdate();
    try {
      const { first, second } = pair;
      this.kept = await host.request('mark', { run: head.run, first: first.row, second: second.row, mark });
      this.error = undefined;
    } catch (error) {
      this.#marks.set(keyOf(pair), before);
      this.error = error instanceof Error ? error.message : String(error);
    }
    this.host.requestUpdate();
    return this.error === undefined;
  }
}
