import { type PanelFacts, type PanelSnapshot, panelProtocol, type RunHead } from '../../protocol/panel';
import type { RunFeed } from './feed';
import { fitTexts } from './fit';
import { factLimit } from './outbox';
import { firstThatFit, sizeOf } from './size';
import { bytesPerStep } from './step-columns';

/** With what is said around them. */
const factBytes = factLimit - 1_024;
const stepsPerFact = Math.floor(factBytes / bytesPerStep);
/** Of a snapshot: each list of runs, and one run in the list of the others. */
const listBytes = factBytes / 2;
const otherBytes = 1_024;

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
  readonly #asides = new Map<string, () => void>();

  constructor(
    private readonly feeds: readonly RunFeed[],
    private readonly surroundings: () => Pick<PanelSnapshot, 'mode' | 'others' | 'words'>,
    private readonly post: Post,
  ) {}

  /** All is to be told again, from a snapshot on. */
  restart(): void {
    this.#told = undefined;
  }

  /** To be told once, after what comes before it; of several the last, of long computations the last of each kind. */
  aside<K extends 'show' | 'busy'>(name: K, fact: PanelFacts[K]): void {
    this.#asides.set('what' in fact ? fact.what : name, () => this.post(name, fact));
  }

  /** Posts the next fact; false when there is none. */
  next(): boolean {
    if (this.#told === undefined || this.#told.some(isVoid)) {
      this.#told = this.feeds.map(nothingTold);
      this.#snapshot();
      return true;
    }
    const asides = [...this.#asides.values()];
    this.#asides.clear();
    for (const say of asides) say();
    if (asides.length > 0) return true;
    return this.#told.some((told) => this.#tell(told));
  }

  #snapshot(): void {
    const { others: all, ...around } = this.surroundings();
    const folders = this.feeds.map(({ folder, head }) => folder ?? head.run);
    const heads = this.feeds.map(({ head }) => head);
    const full = sizeOf(heads) < factBytes;
    // Of many runs, the details follow one by one, and of very many the runs themselves.
    const runs = full
      ? heads
      : heads.map(({ record: _record, report: _report, failure: _why, ...head }) => head);
    const others = firstThatFit(
      all.map((other) => fitTexts(other, otherBytes)),
      listBytes,
    );
    this.post('snapshot', {
      protocol: panelProtocol,
      ...around,
      runs: full ? runs : firstThatFit(runs, listBytes),
      others,
      ...(others.length < all.length && { othersLeftOut: all.length - others.length }),
      folders: firstThatFit(folders, listBytes),
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
      const evaluations = firstThatFit(feed.evaluations.slice(told.evaluations), factBytes);
      // One that no message holds is passed over: it must not hold up what comes after it.
      told.evaluations += Math.max(1, evaluations.length);
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
      this.post('findings', { run, findings: fitTexts(feed.findings, factBytes) });
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
