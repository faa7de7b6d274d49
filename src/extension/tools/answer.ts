/** Characters of an answer where the caller sets no bound: some six thousand tokens. */
const usualLimit = 20_000;
/** Longer texts of the data are cut, labels included. */
const longestText = 400;
/** JSON with figures and short words has about so many characters a token; fewer is on the safe side. */
const charactersPerToken = 3;

export interface Answer {
  readonly [name: string]: unknown;
}

/** @param tokens what the caller can take, where it says so */
export function characterLimit(tokens: number | undefined): number {
  return Math.min(usualLimit, (tokens ?? Number.POSITIVE_INFINITY) * charactersPerToken);
}

/**
 * An answer as compact JSON: figures with six digits, long texts cut, lists shortened from their ends until it fits; of
 * each list that lost entries, `leftOut` says how many.
 * @param lists names of the lists that may be shortened, the most dispensable first
 * @param limit characters; what is in no list is never left out
 */
export function compactJson(answer: Answer, lists: readonly string[], limit: number): string {
  let shown = answer;
  let text = JSON.stringify(shown, compact);
  for (const name of lists) {
    if (text.length <= limit) break;
    const list = answer[name];
    if (!Array.isArray(list)) continue;
    const before = shown;
    const keeping = (kept: number): Answer => ({
      ...before,
      [name]: list.slice(0, kept),
      leftOut: { ...(before.leftOut as object | undefined), [name]: list.length - kept },
    });
    shown = keeping(
      mostThatFit(list.length, (kept) => JSON.stringify(keeping(kept), compact).length <= limit),
    );
    text = JSON.stringify(shown, compact);
  }
  return text;
}

/** The greatest number below `count` that fits; 0 where none does. */
function mostThatFit(count: number, fits: (kept: number) => boolean): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function compact(_key: string, value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  if (typeof value === 'string' && value.length > longestText) {
    return `${value.slice(0, longestText).replace(/[\ud800-\udbff]$/, '')}… (${value.length} characters)`;
  }
  return value;
}
