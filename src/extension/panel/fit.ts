import { cutText } from '../../protocol/cut-text';
import type { ItemView, NeighbourAnswer, PairAnswer } from '../../protocol/explore';
import { messageLimits } from '../../protocol/panel';
import { sizeOf } from './size';

/** Bytes of an answer, with room for what JSON-RPC says around it. */
export const answerLimit = messageLimits.bytes - 4 * 1024;
/** What an answer has besides its items, and a row besides its two. */
const besides = 16 * 1024;
const besidesEach = 64;

export type ChangeItem = <T extends ItemView>(item: T) => T;

export function inNeighbours(answer: NeighbourAnswer, change: ChangeItem): NeighbourAnswer {
  const { query, rows, left } = answer;
  return {
    ...answer,
    ...(query && { query: change(query) }),
    rows: rows.map(change),
    ...(left && { left: left.map(change) }),
  };
}

export function inPairs(answer: PairAnswer, change: ChangeItem): PairAnswer {
  const rows = answer.rows.map((row) => ({
    ...row,
    first: change(row.first),
    second: change(row.second),
  }));
  return { ...answer, rows };
}

/**
 * An answer as it is, where it goes into one message; else each of its items is cut to an equal share of one.
 * @param items how many it has
 * @param each the answer with all of them changed
 */
export function fit<A>(answer: A, items: number, each: (change: ChangeItem) => A): A {
  if (sizeOf(answer) <= answerLimit) return answer;
  const share = Math.floor((answerLimit - besides) / items) - besidesEach;
  return each((item) => within(item, share));
}

/** Texts give way to the places that lead to their sources; these, where there is no room for them either. */
function within<T extends ItemView>(item: T, bytes: number): T {
  if (sizeOf(item) <= bytes) return item;
  let smaller = item;
  for (const limit of [100, 25]) {
    const { id, content, label } = item;
    smaller = {
      ...item,
      id: cutText(id, limit),
      ...(content !== undefined && { content: cutText(content, limit) }),
      ...(label !== undefined && { label: cutText(label, limit) }),
      cut: true,
    };
    if (sizeOf(smaller) <= bytes) return smaller;
  }
  const { image: _image, path: _path, file: _file, line: _line, ...rest } = smaller;
  return rest as T;
}

/** Every text in a value, however deep, cut to a length; names given by data, too. */
function shortened<T>(value: T, limit: number): T;
function shortened(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return cutText(value, limit);
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((part: unknown) => shortened(part, limit));
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).map(([key, part]) => [cutText(key, limit), shortened(part, limit)]);
  return Object.fromEntries(parts);
}

/** A value of few texts, which are cut as far as it takes to fit: to 50 characters at the shortest. */
export function fitTexts<T>(value: T, bytes: number): T {
  let smaller = value;
  for (const limit of [2_000, 500, 100, 50]) {
    if (sizeOf(smaller) <= bytes) break;
    smaller = shortened(value, limit);
  }
  return smaller;
}
