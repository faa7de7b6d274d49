import { cutText } from '../../protocol/cut-text';
import { contentLimit, type ItemView, labelLimit, placeLimit } from '../../protocol/explore';
import type { ItemRow } from '../run/items-file';

/** An item as it is shown: what is too long for a row is cut, and a place that no file can have is left out. */
export function itemView(row: number, item: ItemRow): ItemView {
  const { id, content, path, label, split, file, line } = item;
  const isCut =
    id.length > contentLimit || (content ?? '').length > contentLimit || (label ?? '').length > labelLimit;
  return {
    row,
    id: cutText(id, contentLimit),
    ...(content !== undefined && { content: cutText(content, contentLimit) }),
    ...(isPlace(path) && { path }),
    ...(label !== undefined && { label: cutText(label, labelLimit) }),
    ...(split !== undefined && { split }),
    ...(isPlace(file) && { file }),
    ...(line !== undefined && { line }),
    ...(isCut && { cut: true }),
  };
}

function isPlace(name: string | undefined): name is string {
  return name !== undefined && name.length <= placeLimit;
}
