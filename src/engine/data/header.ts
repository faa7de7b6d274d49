import { roleOf } from './names';
import { type Cell, cellNumber, cellText } from './table';

export interface Header {
  readonly columns: readonly string[];
  readonly header: boolean;
}

/** Whether the first row names the columns; where it is data, they are called `column_1`, `column_2`, … */
export function findHeader(rows: readonly (readonly Cell[])[]): Header {
  const first = (rows[0] ?? []).map((cell) => cellText(cell).trim());
  const rest = rows.slice(1).filter((row) => row.length === first.length);
  const header = isHeader(first, rest);
  return { columns: header ? uniqueNames(first) : first.map((_, i) => `column_${i + 1}`), header };
}

function isHeader(first: readonly string[], rest: readonly (readonly Cell[])[]): boolean {
  const recurs = (name: string, i: number): boolean =>
    name !== '' && rest.some((row) => cellText(row[i]).trim() === name);
  // `positive` names a column, but not where it is also one of the column's values.
  if (first.some((name, i) => roleOf(name) !== undefined && !recurs(name, i))) return true;
  // Data frames without names are written with 0, 1, 2, … as header.
  if (first.length > 2 && first.every((name, i) => name === String(i))) return true;
  const numeric = first.map((_, i) => rest.length > 0 && rest.every((row) => isBlankOrNumber(row[i])));
  if (numeric.some((isNumeric, i) => isNumeric && !Number.isNaN(cellNumber(first[i])))) return false;
  if (numeric.some(Boolean)) return true;
  // Nothing but words: a name is short, is no value of its column, and is not as wordy as the values.
  return first.every((name, i) => {
    if (name.length > 60 || words(name) > 4 || recurs(name, i)) return false;
    return words(name) <= 2 || words(name) < medianWords(rest, i);
  });
}

function isBlankOrNumber(cell: Cell | undefined): boolean {
  return cellText(cell).trim() === '' || !Number.isNaN(cellNumber(cell));
}

function words(text: string): number {
  return text.trim().split(/\s+/).length;
}

function medianWords(rows: readonly (readonly Cell[])[], column: number): number {
  const counts = rows.map((row) => words(cellText(row[column]))).sort((a, b) => a - b);
  return counts[counts.length >> 1] ?? 0;
}

/** Blank names become `column_N`, repeated ones get a number. */
export function uniqueNames(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, i) => {
    const wanted = name === '' ? `column_${i + 1}` : name;
    let unique = wanted;
    for (let n = 2; seen.has(unique); n++) unique = `${wanted}_${n}`;
    seen.add(unique);
    return unique;
  });
}
