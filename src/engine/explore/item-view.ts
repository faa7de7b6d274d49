import { contentLimit, type ItemView } from '../../protocol/explore';
import type { ItemRow } from '../run/items-file';

/** An item as it is shown. */
export function itemView(row: number, item: ItemRow): ItemView {
  const { id, content, path, label, split, file, line } = item;
  return {
    row,
    id,
    ...(content !== undefined && { content: cut(content) }),
    ...(path !== undefined && { path }),
    ...(label !== undefined && { label }),
    ...(split !== undefined && { split }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
  };
}

/** At most `contentLimit` characters; what is cut ends with an ellipsis, and never inside a surrogate pair. */
function cut(text: string): string {
  if (text.length <= contentLimit) return text;
  return `${text.slice(0, contentLimit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
