import type { Position } from '../../protocol/explore';

const whole = new Intl.NumberFormat('en-US');

/** `13,083`. */
export function integer(number: number): string {
  return whole.format(number);
}

/** `1 item`, `13,083 items`. */
export function count(number: number, noun: string): string {
  return `${integer(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Where an answer is from: `the trained model (all 600 items)`, `step 120 (2,000 of 13,083 items kept)`. */
export function sourceName(at: Position, kept: number, items: number): string {
  const share =
    kept === items ? `all ${count(items, 'item')}` : `${integer(kept)} of ${count(items, 'item')} kept`;
  return `${at === 'final' ? 'the trained model' : `step ${integer(at)}`} (${share})`;
}
