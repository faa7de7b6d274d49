import { type PanelFacts, type PanelSnapshot, panelProtocol, type RunHead } from '../../protocol/panel';
import type { RunFeed } from './feed';
import { factLimit } from './outbox';
import { sizeOf } from './size';
import { bytesPerStep } from './step-columns';

/** With what is said around them. */
const factBytes = factLimit - 1_024;
const stepsPerFact = Math.floor(factBytes / bytesPerStep);

type Post = <K extends keyof PanelFacts>(name: K, fact: PanelFacts[K]) => void;

/** How far a page was told of one run. */
interface Told {
  readonly feed: RunFeed;
  readonly run: string;
  readonly epoch: number;
  steps: number;
  evaluations: number;
  head: RunHead | undefined;
  findings: RunFeed['findings'];
}

/**
 * Knows what one page was told, and says what comes next: a snapshot, then all that is newer. Nothing is queued: steps that
 * came meanwhile go together, and of the rest only the newest is told.
 */
export class Teller {
  #told: Told[] | undefined;
  #asides: { show?: PanelFacts['show']; busy?: PanelFacts['busy'] } = {};

  constructor(
    private readonly feeds: readonly RunFeed[],
    private readonly surroundings: () => Pick<PanelSnapshot, 'mode' | 'others' | 'words'>,
    private readonly post: Post,
  ) {}

  /** All is to be told again, from a snapshot on. */
  restart(): void {
    this.#told = undefined;
  }

  /** To be told once, after what comes before it; of several the last. */
  aside<K extends 'show' | 'busy'>(name: K, fact: PanelFacts[K]): void {
    this.#asides = { ...this.#asides, [name]: fact };
  }

  /** Posts the next fact; false when there is none. */
  next(): boolean {
    if (this.#told === undefined || this.#told.some(isVoid)) {
      this.#told = this.feeds.map(nothingTold);
      this.#snapshot();
      return true;
    }
    const { show, busy } = this.#asides;
    this.#asides = {};
    if (show) this.post('show', show);
    if (busy) this.post('busy', busy);
    if (show || busy) return true;
    return this.#told.some((told) => this.#tell(told));
  }

  #snapshot(): void {
    const folders = this.feeds.flatMap(({ folder }) => folder ?? []);
    const runs = this.feeds.map(({ head }) => head);
    const full = sizeOf(runs) < factBytes;
    this.post('snapshot', {
      protocol: panelProtocol,
      ...this.surroundings(),
      // Of many runs, the details follow one by one.
      runs: full ? runs : runs.map(({ record: _record, report: _report, ...head }) => head),
      folders,
      evaluations: [],
      findings: [],
    });
    if (full) for (const told of this.#told ?? []) told.head = told.feed.head;
  }

  #tell(told: Told): boolean {
    const { feed, run } = told;
    if (isNew(told.head, feed.head)) {
      this.post('head', feed.head);
      told.head = feed.head;
      return true;
    }
    if (told.evaluations < feed.evaluations.length) {
      const evaluations = firstOf(feed.evaluations.slice(told.evaluations), factBytes);
      told.evaluations += evaluations.length;
      this.post('evaluations', { run, evaluations });
      return true;
    }
    if (told.steps < feed.steps.length) {
      const columns = feed.steps.slice(told.steps, told.steps + stepsPerFact);
      told.steps += columns.step.length;
      this.post('steps', { run, ...columns });
      return true;
    }
    if (isNew(told.findings, feed.findings)) {
      this.post('findings', { run, findings: feed.findings });
      told.findings = feed.findings;
      return true;
    }
    return false;
  }
}

function nothingTold(feed: RunFeed): Told {
  const { run } = feed.head;
  return { feed, run, epoch: feed.epoch, steps: 0, evaluations: 0, head: undefined, findings: [] };
}

/** A job has become a run, with a name of its own, or a run has gone back to an earlier step. */
function isVoid({ feed, run, epoch }: Told): boolean {
  return feed.head.run !== run || feed.epoch !== epoch;
}

function isNew<T>(told: T | undefined, now: T): boolean {
  return told !== now && JSON.stringify(told) !== JSON.stringify(now);
}

/** As many as fit, at least one. */
function firstOf<T>(values: readonly T[], bytes: number): readonly T[] {
  let sum = 0;
  const end = values.findIndex((value, i) => {
    sum += sizeOf(value);
    return i > 0 && sum > bytes;
  });
  return end < 0 ? values : values.slice(0, end);
}
