import { createHash } from 'node:crypto';
import path from 'node:path';
import { failureOf, UserError } from '../../protocol/errors';
import type { RunHead } from '../../protocol/panel';
import { type Curve, CurveReader } from './curve';
import { reportOf } from './report';

/** A run folder as it was last read. */
export interface ShelvedRun {
  /** Absolute. */
  readonly folder: string;
  /** `running` means that some process works on it, this window's or another. */
  readonly head: RunHead;
  readonly curve: Curve;
}

interface Entry extends ShelvedRun {
  readonly reader: CurveReader | undefined;
}

const noCurve: Curve = { values: [] };

async function readHead(folder: string, id: string): Promise<RunHead | undefined> {
  // Loaded with the first run: the extension starts without it.
  const [{ RunFolder }, { details }] = await Promise.all([
    import('../../engine/run/folder'),
    import('../../engine/run/details'),
  ]);
  try {
    const run = await RunFolder.open(folder);
    const state = await run.state();
    const { record } = run;
    const dataset = path.resolve(folder, record.dataset.path);
    const report = reportOf(record);
    return {
      run: id,
      name: record.name,
      state,
      dataset: { name: path.basename(dataset), path: dataset },
      elsewhere: state === 'running',
      record: details(record),
      ...(report && { report }),
      ...(record.failure && { failure: record.failure }),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.code === 'no-run') return undefined;
    const dataset = { name: '', path: '' };
    return { run: id, name: id, state: 'failed', dataset, elsewhere: false, failure: failureOf(error) };
  }
}

/** The run folders that are known, by id. One is read at a time. */
export class Shelf {
  readonly #runs = new Map<string, Entry>();
  readonly #onChange: (id: string) => void;
  /** Whether the curves of runs that do not run are wanted, too: their logs are long. */
  #withCurves = false;
  #last: Promise<unknown> = Promise.resolve();

  /** @param onChange told after a run was read anew, or is gone. */
  constructor(onChange: (id: string) => void) {
    this.#onChange = onChange;
  }

  list(): ShelvedRun[] {
    return [...this.#runs.values()];
  }

  get(id: string): ShelvedRun | undefined {
    return this.#runs.get(id);
  }

  /** The folder's name; a second folder of the same name (a copy) has a part of its place's hash with it. */
  idOf(folder: string): string {
    const name = path.basename(folder);
    const other = `${name}~${createHash('sha256').update(folder).digest('hex').slice(0, 6)}`;
    const first = this.#runs.get(name)?.folder;
    if ((first === undefined || first === folder) && !this.#runs.has(other)) return name;
    return other;
  }

  /** Reads a run folder; one that is no more is taken off. @returns undefined where there is no run. */
  async read(folder: string): Promise<ShelvedRun | undefined> {
    return await this.#inTurn(async () => {
      const id = this.idOf(folder);
      const head = await readHead(folder, id);
      if (head === undefined) {
        if (this.#runs.delete(id)) this.#onChange(id);
        return undefined;
      }
      const before = this.#runs.get(id);
      const reader = before?.reader ?? this.#readerOf(folder, head);
      const wanted = this.#withCurves || head.state === 'running';
      const curve = (wanted ? await reader?.read() : before?.curve) ?? noCurve;
      const entry: Entry = { folder, head, curve, reader };
      this.#runs.set(id, entry);
      this.#onChange(id);
      return entry;
    });
  }

  /** Reads the logs of all runs, and from then on that of each that is read. */
  async readCurves(): Promise<void> {
    if (this.#withCurves) return;
    this.#withCurves = true;
    for (const id of this.#runs.keys()) await this.readCurve(id);
  }

  /** Reads on in the log of a run that is being trained. */
  async readCurve(id: string): Promise<void> {
    await this.#inTurn(async () => {
      const entry = this.#runs.get(id);
      if (entry?.reader === undefined) return;
      const before = entry.curve;
      const curve = await entry.reader.read();
      if (curve.lastStep?.step === before.lastStep?.step && curve.values.length === before.values.length)
        return;
      this.#runs.set(id, { ...entry, curve });
      this.#onChange(id);
    });
  }

  #readerOf(folder: string, { record }: RunHead): CurveReader | undefined {
    return record && new CurveReader(path.join(folder, 'metrics.jsonl'), record.criterion.metric);
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return await result;
  }
}
