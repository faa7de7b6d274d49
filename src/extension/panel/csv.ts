import type { NeighbourRow } from '../../protocol/explore';

const columns = [
  'rank',
  'similarity',
  'id',
  'content',
  'path',
  'label',
  'split',
  'file',
  'line',
  'row',
] as const satisfies readonly (keyof NeighbourRow)[];

/** What a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r\n]/;

/** A cell by RFC 4180. Text that a spreadsheet would run is kept from it by a leading apostrophe. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function neighboursAsCsv(rows: readonly NeighbourRow[]): string {
  const lines = rows.map((row) => columns.map((name) => cell(row[name])).join(','));
  return [columns.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

/** The addresses of images are of one page only, and left out. */
export function neighboursAsJsonLines(rows: readonly NeighbourRow[]): string {
  return rows.map((row) => `${JSON.stringify({ ...row, image: undefined })}\n`).join('');
}
