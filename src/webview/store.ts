import type { Position } from '../protocol/explore';
import type { Finding } from '../protocol/health';
import {
  type EvaluationView,
  type PanelSnapshot,
  type PanelState,
  panelProtocol,
  type RunHead,
  type StepColumns,
} from '../protocol/panel';
import type { Host, Memory } from './host';
import { Series } from './series';

/** Everything that the page knows. Facts come from the host; `state` is what the user looks at, and is all that is kept. */
export class Store {
  mode: PanelSnapshot['mode'] = 'run';
  others: PanelSnapshot['others'] = [];
  readonly heads = new Map<string, RunHead>();
  readonly series = new Map<string, Series>();
  readonly evaluations = new Map<string, readonly EvaluationView[]>();
  readonly findings = new Map<string, readonly Finding[]>();
  state: PanelState;
  /** A sentence for the user where page and host do not understand each other. */
  mismatch: string | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #memory: Memory;

  constructor(
    readonly host: Host,
    memory: Memory,
  ) {
    this.#memory = memory;
    this.state = memory.read() ?? { runs: [], view: 'loss' };
    host.hear('snapshot', (snapshot) => this.#replace(snapshot));
    host.hear('head', (head) => {
      this.heads.set(head.run, head);
      this.#changed();
    });
    host.hear('steps', (columns) => this.#append(columns));
    host.hear('evaluations', ({ run, evaluations }) => {
      this.evaluations.set(run, [...(this.evaluations.get(run) ?? []), ...evaluations]);
      this.#changed();
    });
    host.hear('findings', ({ run, findings }) => {
      this.findings.set(run, findings);
      this.#changed();
    });
    host.notify('ready', { protocol: panelProtocol });
  }

  /** The run of a panel that shows one. */
  get head(): RunHead | undefined {
    return this.heads.values().next().value;
  }

  /** Where the slider stands: `live` follows the newest evaluation. */
  get position(): Position | undefined {
    const { position = 'live' } = this.state;
    const run = this.head;
    if (run === undefined) return undefined;
    if (position !== 'live') return position;
    if (run.state === 'completed') return 'final';
    return this.evaluations.get(run.run)?.at(-1)?.step;
  }

  /** Called after every change, at most once a frame. Returns what ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  update(patch: Partial<PanelState>): void {
    this.state = { ...this.state, ...patch };
    this.#memory.write(this.state);
    this.#changed();
  }

  #replace(snapshot: PanelSnapshot): void {
    if (snapshot.protocol !== panelProtocol) {
      this.mismatch = `This page speaks version ${panelProtocol} and the extension version ${snapshot.protocol}: reload the window.`;
      this.#changed();
      return;
    }
    const { mode, runs, others, evaluations, findings } = snapshot;
    this.mode = mode;
    this.others = others;
    for (const map of [this.heads, this.series, this.evaluations, this.findings]) map.clear();
    for (const head of runs) this.heads.set(head.run, head);
    for (const part of evaluations) this.evaluations.set(part.run, part.evaluations);
    for (const part of findings) this.findings.set(part.run, part.findings);
    this.#changed();
  }

  #append(columns: StepColumns): void {
    // A late message of a run that is no longer shown.
    if (!this.heads.has(columns.run)) return;
    let series = this.series.get(columns.run);
    if (series === undefined) {
      series = new Series();
      this.series.set(columns.run, series);
    }
    series.append(columns);
    this.#changed();
  }

  #frame: number | undefined;
  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      for (const listener of this.#listeners) listener();
    });
  }
}
