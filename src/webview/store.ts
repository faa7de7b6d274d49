import type { LongWork, Position, Progress } from '../protocol/explore';
import type { Finding } from '../protocol/health';
import {
  type EvaluationView,
  type PanelFacts,
  type PanelSnapshot,
  type PanelState,
  panelProtocol,
  type RunHead,
  type StepColumns,
} from '../protocol/panel';
import type { Host, Memory } from './host';
import { Pulse } from './pulse';
import { Series } from './series';
import { t, useWords } from './words';

/** Everything that the page knows. Facts come from the host; `state` is what the user looks at, and is all that is kept. */
export class Store {
  /** Whether the host has answered; until then there is nothing to show. */
  received = false;
  mode: PanelSnapshot['mode'] = 'run';
  others: PanelSnapshot['others'] = [];
  /** So many more there are than were told. */
  othersLeftOut = 0;
  readonly heads = new Map<string, RunHead>();
  readonly series = new Map<string, Series>();
  readonly evaluations = new Map<string, readonly EvaluationView[]>();
  readonly findings = new Map<string, readonly Finding[]>();
  state: PanelState;
  /** How far long computations of the host for this page are, by what they are. */
  readonly progress = new Map<LongWork, Progress>();
  /** Whether the host still answers. */
  readonly pulse: Pulse;
  /** What the host last turned the page to; a query in it is to be looked up. Each wish is an object of its own. */
  shown: PanelFacts['show'] | undefined;
  /** A sentence for the user where page and host do not understand each other. */
  mismatch: string | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #memory: Memory;
  #scheduled = false;

  constructor(
    readonly host: Host,
    memory: Memory,
  ) {
    this.#memory = memory;
    this.state = memory.read() ?? { folders: [], view: 'loss' };
    host.hear('snapshot', (snapshot) => this.#replace(snapshot));
    host.hear('head', (head) => this.#setHead(head));
    host.hear('steps', (columns) => this.#append(columns));
    host.hear('evaluations', ({ run, evaluations }) => {
      if (!this.heads.has(run)) return;
      this.evaluations.set(run, [...(this.evaluations.get(run) ?? []), ...evaluations]);
      this.#changed();
    });
    host.hear('findings', ({ run, findings }) => {
      if (!this.heads.has(run)) return;
      this.findings.set(run, findings);
      this.#changed();
    });
    host.hear('show', (shown) => {
      this.shown = shown;
      this.update({ view: shown.view, ...(shown.query && { query: shown.query }) });
    });
    host.hear('busy', (busy) => {
      this.progress.set(busy.what, busy);
      this.#changed();
    });
    host.answer('alive', async () => null);
    this.pulse = new Pulse(
      () => host.request('alive', {}),
      () => this.#changed(),
    );
    host.notify('ready', { protocol: panelProtocol });
  }

  /** The run of a panel that shows one. */
  get head(): RunHead | undefined {
    return this.heads.values().next().value;
  }

  /** Evaluations of the run of a panel that shows one, in order. */
  get evaluated(): readonly EvaluationView[] {
    return this.evaluations.get(this.head?.run ?? '') ?? [];
  }

  /** Where the slider can stand, in order: every evaluation, then the saved model. */
  get positions(): readonly Position[] {
    const steps = this.evaluated.map(({ step }) => step);
    return this.head?.state === 'completed' ? [...steps, 'final'] : steps;
  }

  /** Where the slider stands: `live` follows the newest evaluation. */
  get position(): Position | undefined {
    const { position = 'live' } = this.state;
    const { positions } = this;
    // A resumed run may have lost the evaluation that was looked at.
    return position !== 'live' && positions.includes(position) ? position : positions.at(-1);
  }

  get live(): boolean {
    return (this.state.position ?? 'live') === 'live';
  }

  /** The evaluation at the slider; for the saved model that whose weights it has. */
  get evaluation(): EvaluationView | undefined {
    const { position, evaluated } = this;
    const step = position === 'final' ? this.head?.record?.best?.step : position;
    return evaluated.find((evaluation) => evaluation.step === step) ?? evaluated.at(-1);
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

  /** Something long is asked for: how far the one before came says nothing of it. */
  expect(what: LongWork): void {
    this.progress.delete(what);
    this.progress.delete('items');
  }

  #replace(snapshot: PanelSnapshot): void {
    if (snapshot.protocol !== panelProtocol) {
      this.mismatch = t(
        'This page speaks version {0} and the extension version {1}: reload the window.',
        panelProtocol,
        snapshot.protocol,
      );
      this.#changed();
      return;
    }
    useWords(snapshot.words ?? {});
    this.received = true;
    this.mode = snapshot.mode;
    this.others = snapshot.others;
    this.othersLeftOut = snapshot.othersLeftOut ?? 0;
    for (const map of [this.heads, this.series, this.evaluations, this.findings]) map.clear();
    for (const head of snapshot.runs) this.heads.set(head.run, head);
    for (const { run, evaluations } of snapshot.evaluations) this.evaluations.set(run, evaluations);
    for (const { run, findings } of snapshot.findings) this.findings.set(run, findings);
    this.update({ folders: snapshot.folders });
  }

  #setHead(head: RunHead): void {
    this.heads.set(head.run, head);
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

  #changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
