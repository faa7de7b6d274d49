import type { NeighbourRow } from '../../protocol/explore';
import { csvCell } from '../export/cells';

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

export function neighboursAsCsv(rows: readonly NeighbourRow[]): string {
  const lines = rows.map((row) => columns.map((name) => csvCell(row[name])).join(','));
  return [columns.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

/** The addresses of images are of one page only, and left out. */
export function neighboursAsJsonLines(rows: readonly NeighbourRow[]): string {
  return rows.map((row) => `${JSON.stringify({ ...row, image: undefined })}\n`).join('');
}
