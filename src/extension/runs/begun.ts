import type { Memento } from 'vscode';

const key = 'infonce.begun';
/** Older ones than those are shown by no panel any more. */
const limit = 100;

/** Which runs the jobs of a workspace have become: a page that was hidden meanwhile knows of the job alone. */
export class BegunRuns {
  constructor(private readonly memento: Memento) {}

  /** @param run its folder, absolute */
  note(job: string, run: string): void {
    if (this.runOf(job) === run) return;
    const entries = [...this.#entries(), [job, run]].slice(-limit);
    // Not kept, it costs the panel its place only.
    this.memento.update(key, Object.fromEntries(entries)).then(undefined, () => undefined);
  }

  runOf(job: string): string | undefined {
    return this.#entries().find(([id]) => id === job)?.[1];
  }

  #entries(): [job: string, run: string][] {
    const kept: unknown = this.memento.get(key);
    const entries: [string, unknown][] =
      typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
    return entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  }
}
