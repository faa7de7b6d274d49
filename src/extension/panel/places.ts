import { realpathSync, statSync } from 'node:fs';
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
  if (!isInside(realOf(root), realOf(file))) {
    throw new UserError(
      'path-outside',
      `"${name}" is not opened: it is a link that leads out of the dataset folder ${root}`,
    );
  }
  return file;
}

/** Where links lead; a file that is not there leads nowhere. */
function realOf(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}

/**
 * The folder of a run's data that a panel may show files of. A run folder from elsewhere can name any place of the machine
 * as that of its data: it has to lie in the workspace, or beside the `.infonce` folder of the run.
 * @param dataset absolute, as the run's record says
 * @param workspace the open folders
 */
export function shownRoot(
  dataset: string,
  run: string | undefined,
  workspace: readonly string[],
): string | undefined {
  const root = rootOf(dataset);
  // `<folder>/.infonce/runs/<run>`
  const beside = run === undefined ? [] : [path.resolve(run, '../../..')];
  return [...workspace, ...beside].some(
    (folder) => folder !== path.parse(folder).root && isInside(folder, root),
  )
    ? root
    : undefined;
}
