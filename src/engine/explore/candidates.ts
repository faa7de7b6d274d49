import { cutText } from '../../protocol/cut-text';
import type { SplitName } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { Embeddings } from './embeddings';
import type { ItemTable } from './item-table';

export interface Filter {
  readonly label?: string | undefined;
  readonly split?: SplitName | undefined;
}

/**
 * The rows of a run that are answers. Where items are queries and documents these are the documents, as in the run's own
 * recall; else every item.
 */
export function answerRows(items: ItemTable): Int32Array {
  const all = Int32Array.from({ length: items.count }, (_, row) => row);
  const documents = all.filter((row) => items.isDocument(row));
  return documents.length === 0 ? all : documents;
}

/**
 * Those of the answers that have an embedding and pass the filter, as positions among the embeddings, ascending.
 * @throws UserError when no item of the run has the label.
 */
export function candidatePositions(
  items: ItemTable,
  answers: Int32Array,
  { rows }: Embeddings,
  { label, split }: Filter = {},
): Int32Array {
  const code = label === undefined ? undefined : items.labels.indexOf(label);
  if (code === -1)
    throw new UserError('no-such-label', `no item of the run has the label "${cutText(label ?? '', 100)}"`);
  const positions: number[] = [];
  let at = 0;
  // Both ascend.
  for (const row of answers) {
    while (at < rows.length && (rows[at] as number) < row) at++;
    if (rows[at] !== row) continue;
    if (code !== undefined && items.label[row] !== code) continue;
    if (split !== undefined && !items.isIn(row, split)) continue;
    positions.push(at);
  }
  return Int32Array.from(positions);
}
