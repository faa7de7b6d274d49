import { LogTail } from '../../engine/run/log-tail';
import type { MetricName } from '../../protocol/run';

/** What a list of runs shows of a run's log. */
export interface Curve {
  /** The metric at each evaluation. */
  readonly values: readonly number[];
  readonly lastStep?: { readonly step: number; readonly loss: number };
}

interface Row {
  readonly event?: unknown;
  readonly step?: unknown;
  readonly loss?: unknown;
  readonly metrics?: Readonly<Record<string, unknown>>;
}

function parse(line: string): Row | undefined {
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === 'object' && row !== null ? row : undefined;
  } catch {
    // A torn line; the log's own reader leaves it out as well.
    return undefined;
  }
}

/** Reads a `metrics.jsonl` on from where it last was, and parses of it only what a list of runs shows. */
export class CurveReader {
  readonly #tail: LogTail;
  readonly #metric: MetricName;
  #values: { step: number; value: number }[] = [];
  #lastStep: Curve['lastStep'];

  constructor(file: string, metric: MetricName) {
    this.#tail = new LogTail(file);
    this.#metric = metric;
  }

  /** One read at a time. No file: nothing to show. @throws UserError where the file cannot be read. */
  async read(): Promise<Curve> {
    for await (const lines of this.#tail.pieces(() => this.#forget())) this.#take(lines);
    const values = this.#values.map(({ value }) => value);
    return { values, ...(this.#lastStep && { lastStep: this.#lastStep }) };
  }

  #forget(): void {
    this.#values = [];
    this.#lastStep = undefined;
  }

  #take(lines: readonly string[]): void {
    const lastStep = lines.findLast((line) => line.includes('"event":"step"'));
    for (const line of lines) {
      if (line === lastStep || line.includes('"event":"evaluated"') || line.includes('"event":"resumed"')) {
        this.#add(parse(line));
      }
    }
  }

  #add(row: Row | undefined): void {
    if (typeof row?.step !== 'number') return;
    const { step, loss } = row;
    if (row.event === 'step' && typeof loss === 'number') this.#lastStep = { step, loss };
    if (row.event === 'resumed') this.#values = this.#values.filter((value) => value.step <= step);
    if (row.event !== 'evaluated') return;
    // The evaluation at a checkpoint may be done again after it.
    while ((this.#values.at(-1)?.step ?? -1) >= step) this.#values.pop();
    const value = row.metrics?.[this.#metric];
    if (typeof value === 'number') this.#values.push({ step, value });
  }
}

const blocks = '▁▂▃▄▅▆▇█';

/** At most `width` values as block letters over their own range; of more, each stands for the last of its share. */
export function sparkline(values: readonly number[], width = 12): string {
  if (values.length < 2) return '';
  const count = Math.min(width, values.length);
  const shown = Array.from(
    { length: count },
    (_, i) => values[Math.ceil(((i + 1) * values.length) / count) - 1] as number,
  );
  const low = Math.min(...shown);
  const range = Math.max(...shown) - low;
  const top = blocks.length - 1;
  return shown.map((v) => blocks[range === 0 ? top >> 1 : Math.round(((v - low) / range) * top)]).join('');
}
