import type { Items } from '../../data/dataset';

/** The texts of some items in their places, and nothing elsewhere: what is not looked at costs nothing. */
export function textsOf(items: Items, wanted: Iterable<number>): string[] {
  const texts = new Array<string>(items.count).fill('');
  for (const item of wanted) texts[item] = items.content[item] as string;
  return texts;
}

/** At most this many texts teach TF-IDF its words: rarity changes little beyond, and the fit stays a matter of seconds. */
export const fittedAtMost = 100_000;

/** Evenly spaced items, all of them where they are few. */
export function fittingSample(items: Int32Array): Int32Array {
  if (items.length <= fittedAtMost) return items;
  const step = items.length / fittedAtMost;
  return Int32Array.from({ length: fittedAtMost }, (_, i) => items[Math.floor(i * step)] as number);
}
