import path from 'node:path';
import type { ItemView } from '../../protocol/explore';
import { rootOf } from '../panel/places';
import { shownPath } from '../places';

/** Where something comes from: `folder/data.csv:12`, or an image, by a path that the editor can open. */
export type SourceOf = (place: Pick<ItemView, 'file' | 'line' | 'path'>) => string | undefined;

/** Names places in a dataset as the editor does. Nothing is read of them. @param dataset absolute; undefined where it is not known */
export function sourcesIn(dataset: string | undefined): SourceOf {
  const root = dataset && rootOf(dataset);
  return ({ file, line, path: image }) => {
    const name = image ?? file;
    if (name === undefined) return undefined;
    const shown = root === undefined ? name : shownPath(path.resolve(root, name));
    return line === undefined ? shown : `${shown}:${line}`;
  };
}
