import type { ReadProgress } from '../engine/data/read';
import type { TrainerFacts } from '../protocol/trainer';

/** Whoever hears the facts. */
export interface Listener {
  notify<K extends keyof TrainerFacts>(name: K, fact: TrainerFacts[K]): void;
}

/** No more of the facts about progress than this: ten a second. */
const phaseEveryMs = 100;

/** Tells facts of a job; of progress only so much as somebody can follow. */
export class Reporter {
  #phase: string | undefined;
  #toldAt = 0;

  constructor(private readonly listener: Listener) {}

  fact<K extends keyof TrainerFacts>(name: K, fact: TrainerFacts[K]): void {
    this.listener.notify(name, fact);
  }

  phase(fact: TrainerFacts['phase']): void {
    const now = performance.now();
    if (fact.phase === this.#phase && now - this.#toldAt < phaseEveryMs) return;
    this.#phase = fact.phase;
    this.#toldAt = now;
    this.listener.notify('phase', fact);
  }

  reading({ phase, done, total }: ReadProgress): void {
    const known = phase === 'checking' ? phase : 'reading';
    this.phase({ phase: known, done, ...(total !== undefined && { total }) });
  }
}
