import type { Standing } from './judgement';
import type { Steps } from './step-buffer';
import { formatMetric } from './words';

/** The mean training loss of some steps one after another. */
export interface Window {
  /** The last of its steps. */
  readonly step: number;
  readonly loss: number;
}

/** So many windows lie over the steps so far … */
const windowCount = 20;
/** … none of fewer steps, so that one unlucky batch says little. */
const fewestSteps = 5;

/** The training loss so far, smoothed; the last window ends at the last step. Empty below `fewestSteps`. */
export function lossWindows({ step, loss }: Pick<Steps, 'step' | 'loss'>): Window[] {
  const size = Math.max(fewestSteps, Math.ceil(step.length / windowCount));
  const windows: Window[] = [];
  for (let end = step.length; end >= size; end -= size) {
    let sum = 0;
    for (let at = end - size; at < end; at++) sum += loss[at] as number;
    windows.unshift({ step: step[end - 1] as number, loss: sum / size });
  }
  return windows;
}

/** Mean cosine of a histogram over -1 to 1, each count at the middle of its bin; undefined where it is empty. */
export function histogramMean(counts: ArrayLike<number>): number | undefined {
  let sum = 0;
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] as number;
    sum += count * (-1 + (2 * bin + 1) / counts.length);
    total += count;
  }
  return total === 0 ? undefined : sum / total;
}

/** `the untrained model (0.4000) and TF-IDF (0.9000)` */
export function named(standings: readonly Standing[]): string {
  return standings.map(({ name, value }) => `${name} (${formatMetric(value)})`).join(' and ');
}

/** `12,000` */
export function whole(value: number): string {
  return value.toLocaleString('en-US');
}
