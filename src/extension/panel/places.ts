import { statSync } from 'node:fs';
import path from 'node:path';
import { isInside } from '../../engine/data/walk';
import { UserError } from '../../protocol/errors';

/** The folder that a dataset's relative paths begin at. @param dataset absolute: a folder, or a single data file. */
export function rootOf(dataset: string): string {
  return statSync(dataset, { throwIfNoEntry: false })?.isFile() === true ? path.dirname(dataset) : dataset;
}

/**
 * A file of a dataset by its name in there. Names come from the data, and from a page that shows them.
 * @throws UserError where it leads out of the dataset.
 */
export function fileInside(root: string, name: string): string {
  const file = path.resolve(root, name);
  if (name.includes('\0') || !isInside(root, file) || file === root) {
    throw new UserError(
      'path-outside',
      `"${name}" is not opened: it lies outside the dataset folder ${root}`,
    );
  }
  return file;
}
