import type { EvaluationView } from '../../protocol/panel';
import type { Metrics } from '../../protocol/run';
import { spelledNumber } from './json';
import { metricsSchema } from './record';
import { StepBuffer, type Steps } from './step-buffer';

/**
 * Collects steps and evaluations from the lines of a log, superseded ones left out, and hands over what is new. Lines that
 * are no row (a torn write, somebody's edit) are passed over.
 */
export class LogRows {
  #steps = new StepBuffer();
  #evaluations: EvaluationView[] = [];
  #modelFree: Metrics | undefined;
  /** The last steps that were handed over; -1 before any. */
  #toldStep = -1;
  #toldEvaluation = -1;
  /** Logs of version 0.1.0 have no time. */
  #seconds = 0;

  clear(): void {
    this.#steps = new StepBuffer();
    this.#evaluations = [];
    this.#modelFree = undefined;
    this.#toldStep = -1;
    this.#toldEvaluation = -1;
    this.#seconds = 0;
  }

  /** Returns whether all that was handed over still holds; if not, the log has to be read from its start. */
  add(line: string): boolean {
    const row = parse(line);
    const step = row?.['step'];
    if (row === undefined || typeof step !== 'number' || !Number.isInteger(step)) return true;
    switch (row['event']) {
      case 'step':
        this.#addStep(step, row);
        return true;
      case 'evaluated':
        this.#addEvaluation(step, row);
        return true;
      case 'baseline':
        if (row['kind'] === 'model_free') this.#modelFree = metricsOf(row);
        return true;
      case 'resumed':
        this.#steps.cutAfter(step);
        this.#evaluations = this.#evaluations.filter((evaluation) => evaluation.step <= step);
        return step >= Math.max(this.#toldStep, this.#toldEvaluation);
      default:
        return true;
    }
  }

  take(): { readonly steps?: Steps; readonly evaluations: readonly EvaluationView[] } {
    const evaluations = this.#evaluations;
    const steps = this.#steps;
    this.#toldStep = steps.last ?? this.#toldStep;
    this.#toldEvaluation = evaluations.at(-1)?.step ?? this.#toldEvaluation;
    this.#steps = new StepBuffer();
    this.#evaluations = [];
    return { evaluations, ...(steps.length > 0 && { steps: steps.take() }) };
  }

  #addStep(step: number, row: Row): void {
    if (step <= (this.#steps.last ?? this.#toldStep)) return;
    this.#steps.push(step, numberOf(row['loss']), numberOf(row['learningRate']), this.#time(row));
  }

  #addEvaluation(step: number, row: Row): void {
    const metrics = metricsOf(row);
    // The evaluation at a checkpoint may be done again after it.
    if (metrics === undefined || step <= (this.#evaluations.at(-1)?.step ?? this.#toldEvaluation)) return;
    const modelFree = step === 0 ? this.#modelFree : undefined;
    this.#evaluations.push({ step, seconds: this.#time(row), metrics, ...(modelFree && { modelFree }) });
  }

  #time(row: Row): number {
    const { seconds } = row;
    if (typeof seconds === 'number') this.#seconds = seconds;
    return this.#seconds;
  }
}

type Row = Readonly<Record<string, unknown>>;

function parse(line: string): Row | undefined {
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === 'object' && row !== null ? (row as Row) : undefined;
  } catch {
    return undefined;
  }
}

/** A loss may be spelled out; what is none is not a number. */
function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : (spelledNumber.safeParse(value).data ?? Number.NaN);
}

function metricsOf(row: Row): Metrics | undefined {
  return metricsSchema.safeParse(row['metrics']).data;
}
