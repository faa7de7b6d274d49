import { cutText } from '../../protocol/cut-text';
import { type Cell, cellNumber, cellText, isNumberList } from './table';

/** What the cells of a column look like. */
export type Content = 'empty' | 'number' | 'date' | 'vector' | 'path' | 'text' | 'category' | 'id';

export interface Profile {
  readonly name: string;
  readonly content: Content;
  readonly filled: number;
  readonly distinct: number;
  readonly meanWords: number;
  /** Numbers that count up by one from row to row: a row index. */
  readonly counting: boolean;
  /** Some value occurs more than once. */
  readonly repeats: boolean;
  readonly example: string;
}

const dateShape = /^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}.*)?$|^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}( .*)?$/;
const pathShape = /\.(png|jpe?g|webp)$/i;

/** Share of the filled cells that must agree before a column counts as numbers, dates or paths. */
const agreement = 0.9;

export function profileColumn(name: string, rows: readonly (readonly Cell[])[], index: number): Profile {
  const cells = rows.map((row) => row[index]).filter((cell) => cellText(cell).trim() !== '');
  const texts = cells.map((cell) => (isNumberList(cell) ? '' : cellText(cell).trim()));
  const distinct = new Set(texts).size;
  const meanWords = mean(texts.map(countWords));
  const share = (test: (text: string) => boolean): boolean =>
    texts.filter(test).length >= agreement * cells.length;
  const content = (): Content => {
    if (cells.length === 0) return 'empty';
    if (cells.every(isNumberList)) return 'vector';
    if (share((text) => !Number.isNaN(cellNumber(text)))) return 'number';
    if (share((text) => dateShape.test(text))) return 'date';
    if (share((text) => pathShape.test(text) && countWords(text) <= 3)) return 'path';
    if (meanWords >= 2.5 && distinct > 0.2 * cells.length) return 'text';
    if (distinct <= Math.max(2, 0.3 * cells.length)) return 'category';
    return meanWords >= 1.5 ? 'text' : 'id';
  };
  const numbers = texts.map(cellNumber);
  return {
    name,
    content: content(),
    filled: cells.length,
    distinct,
    meanWords,
    counting: cells.length >= 3 && numbers.every((n, i) => i === 0 || n === (numbers[i - 1] as number) + 1),
    repeats: distinct < cells.length,
    example: isNumberList(cells[0]) ? `[${cellText(cells[0]).slice(0, 40)}…]` : shorten(texts[0] ?? ''),
  };
}

/** Words of a text; scripts without spaces count a word for every two characters. */
function countWords(text: string): number {
  const unspaced =
    text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  return text.split(/\s+/).length + unspaced / 2;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

const format = new Intl.NumberFormat('en-US');

/** `1,500`. */
export function whole(number: number): string {
  return format.format(number);
}

/** `1,500 rows`, `1 row`. */
export function countOf(number: number, noun: string): string {
  return `${whole(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a, b, c, d, e and 7 more`. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** On one line, at most 60 characters. */
export function shorten(text: string, limit = 60): string {
  return cutText(text.replace(/\s+/g, ' '), limit);
}
