/** Scripts that put no space between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Two or more characters of a word, as scikit-learn's default token pattern `\b\w\w+\b`; marks count as part of the word
 * they stand in, where Python's `\w` would cut Hindi or decomposed accents in pieces.
 */
const word = /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]+/gu;

/** The same from one character on: in unspaced scripts one character often is a word. */
const run = /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*/gu;

let segmenter: Intl.Segmenter | undefined;

/**
 * The words of a text, lower-cased, in order. Stretches that hold a script without spaces (Chinese, Japanese, Thai, Lao,
 * Khmer, Burmese) are cut by the word segmenter of ICU that comes with Node, and keep words of one character.
 */
export function words(text: string): readonly string[] {
  const lower = text.toLowerCase();
  if (!unspaced.test(lower)) return lower.match(word) ?? [];
  // The locale does not choose the dictionary, the script does; a fixed one keeps machines alike.
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
  const found: string[] = [];
  for (const stretch of lower.match(run) ?? []) {
    if (!unspaced.test(stretch)) found.push(...(stretch.match(word) ?? []));
    else for (const part of segmenter.segment(stretch)) if (part.isWordLike) found.push(part.segment);
  }
  return found;
}
