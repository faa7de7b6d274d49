import type { Store } from '../store';
import { perStore } from './per-store';

/** Items picked out in one view and shown in another. */
export interface Selection {
  readonly run: string;
  readonly rows: Int32Array;
  /** Which items they are, in words: `10 neighbours of "refund"`. */
  readonly what: string;
}

const sets = new WeakMap<Selection, ReadonlySet<number>>();

/** The rows of a selection, to be asked for one by one; none where nothing is selected. */
export function rowsOf(selection: Selection | undefined): ReadonlySet<number> {
  if (selection === undefined) return new Set();
  let rows = sets.get(selection);
  if (rows === undefined) sets.set(selection, (rows = new Set(selection.rows)));
  return rows;
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
