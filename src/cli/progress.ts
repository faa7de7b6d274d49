import { SingleBar } from 'cli-progress';
import { pageWidth, tell } from './output';
import { bytes, cut, duration, integer } from './text';

/** How far the work is; without `total` nobody knows how much is left. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total?: number;
  readonly unit: 'bytes' | 'steps' | 'things';
  /** What else is worth seeing, such as the loss. */
  readonly note?: string;
}

export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Clears the bar, so that other lines can be written. Twice is harmless. */
  clear(): void;
}

const barWidth = 24;
/** Without a terminal one line in this time, milliseconds; the first after as long. */
const quietMs = 5000;

function amount({ done, total, unit }: Progress): string {
  const format = unit === 'bytes' ? bytes : integer;
  if (total === undefined && done === 0) return '';
  const figures = total === undefined ? format(done) : `${format(done)}/${format(total)}`;
  return unit === 'steps' ? `step ${figures}` : figures;
}

function timeLeft({ done, total }: Progress, from: { at: number; done: number }): string | undefined {
  const elapsed = (performance.now() - from.at) / 1000;
  const gone = done - from.done;
  if (total === undefined || gone <= 0 || elapsed < 1) return undefined;
  return `${duration((elapsed / gone) * (total - done))} left`;
}

function line(progress: Progress, from: { at: number; done: number }): string {
  const { done, total } = progress;
  const share = total === undefined || total === 0 ? undefined : `${Math.floor((100 * done) / total)} %`;
  return [share, amount(progress), timeLeft(progress, from), progress.note]
    .filter((part) => part !== undefined && part !== '')
    .join('  ');
}

function bar({ done, total }: Progress): string {
  const full = total === undefined || total === 0 ? 0 : Math.round((barWidth * done) / total);
  return '█'.repeat(full) + '░'.repeat(barWidth - full);
}

/** A bar that is redrawn in place. */
class BarDisplay implements ProgressDisplay {
  #bar: SingleBar | undefined;
  #phase = '';
  #from = { at: 0, done: 0 };

  constructor(readonly stream: NodeJS.WriteStream) {}

  show(progress: Progress): void {
    if (this.#bar === undefined || progress.phase !== this.#phase) this.#start(progress);
    this.#bar?.update(progress.done, { progress });
  }

  #start(progress: Progress): void {
    this.clear();
    this.#phase = progress.phase;
    this.#from = { at: performance.now(), done: progress.done };
    this.#bar = new SingleBar({
      stream: this.stream,
      format: (_options, _parameters, payload: { progress: Progress }) =>
        cut(
          `${this.#phase.padEnd(10)} ${bar(payload.progress)}  ${line(payload.progress, this.#from)}`,
          pageWidth(this.stream) - 1,
        ),
      clearOnComplete: true,
      hideCursor: true,
      // Signals are answered in one place.
      gracefulExit: false,
    });
    this.#bar.start(progress.total ?? 0, progress.done, { progress });
  }

  clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

/** A line now and then, for logs. */
class LineDisplay implements ProgressDisplay {
  #phase = '';
  #from = { at: 0, done: 0 };
  #toldAt = performance.now();

  show(progress: Progress): void {
    const now = performance.now();
    if (progress.phase !== this.#phase) {
      this.#phase = progress.phase;
      this.#from = { at: now, done: progress.done };
    }
    if (now - this.#toldAt < quietMs) return;
    this.#toldAt = now;
    tell(`${this.#phase}: ${line(progress, this.#from)}`);
  }

  clear(): void {
    // Lines that were written stay.
  }
}

const silent: ProgressDisplay = { show: () => undefined, clear: () => undefined };

/** A bar on a terminal, a line now and then elsewhere; with JSON the events are the progress. */
export function progressDisplay(json: boolean): ProgressDisplay {
  if (json) return silent;
  return process.stderr.isTTY ? new BarDisplay(process.stderr) : new LineDisplay();
}
