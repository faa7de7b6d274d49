import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { fileError, isMissing } from './files';
import { jsonLine, parseNumbers, readLines } from './json';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One record of `metrics.jsonl`, such as a `TrainEvent`. A row `{event: 'resumed', step}` supersedes later steps before it. */
export type MetricsRow = { readonly [key: string]: Json };

export interface MetricsHistory {
  readonly rows: readonly MetricsRow[];
  /** Lines that were no record (a torn write) and were left out. */
  readonly damaged: number;
}

function endsWithNewline(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(descriptor, last, 0, 1, size - 1);
  return last[0] === 10;
}

/**
 * An append-only log: each row is handed to the system at once (a killed process loses none), and made durable by
 * `flush`. Nothing written is ever changed: a torn last line is closed by a line break and skipped by readers.
 */
export class MetricsLog {
  readonly #file: string;
  #descriptor: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  #open(): number {
    if (this.#descriptor === undefined) {
      this.#descriptor = openSync(this.#file, 'a+');
      if (!endsWithNewline(this.#descriptor)) writeSync(this.#descriptor, '\n');
    }
    return this.#descriptor;
  }

  /** @throws UserError when the disk is full, read-only or forbidden. */
  append(row: MetricsRow): void {
    try {
      const bytes = Buffer.from(`${jsonLine(row)}\n`);
      const descriptor = this.#open();
      let done = 0;
      while (done < bytes.length) done += writeSync(descriptor, bytes, done);
    } catch (error) {
      throw fileError(error, 'write', this.#file);
    }
  }

  /** Makes everything appended so far durable. */
  flush(): void {
    if (this.#descriptor === undefined) return;
    try {
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      throw fileError(error, 'write', this.#file);
    }
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    this.flush();
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function isRow(value: unknown): value is MetricsRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Rows of steps that a resumed run did again appear once, as done last. No file reads as no rows. */
export async function readMetrics(file: string): Promise<MetricsHistory> {
  let rows: MetricsRow[] = [];
  let damaged = 0;
  try {
    for await (const { text } of readLines(file)) {
      if (text === '') continue;
      let row: unknown;
      try {
        row = parseNumbers(text);
      } catch {
        damaged++;
        continue;
      }
      if (!isRow(row)) {
        damaged++;
        continue;
      }
      const from = row['event'] === 'resumed' ? row['step'] : undefined;
      if (typeof from === 'number') {
        rows = rows.filter(({ step }) => typeof step !== 'number' || step <= from);
      }
      rows.push(row);
    }
  } catch (error) {
    if (error instanceof Error && 'cause' in error && isMissing(error.cause)) return { rows: [], damaged: 0 };
    throw error;
  }
  return { rows, damaged };
}
