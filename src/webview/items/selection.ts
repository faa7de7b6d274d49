import type { Store } from '../store';
import { perStore } from './per-store';

/** Items picked out in one view and shown in another. */
export interface Selection {
  readonly run: string;
  readonly rows: Int32Array;
  /** Which items they are, in words: `10 neighbours of "refund"`. */
  readonly what: string;
}

const selected = perStore<{ now: Selection | undefined }>(() => ({ now: undefined }));

/** What is selected of the run that the page shows. */
export function selectionOf(store: Store): Selection | undefined {
  const { now } = selected(store);
  return now?.run === store.head?.run ? now : undefined;
}

export function select(store: Store, selection: Selection | undefined): void {
  selected(store).now = selection;
}
