import { type Dirent, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { formatOf, isBeside, isBesideFolder } from '../engine/data/formats';
import { RunFolder } from '../engine/run/folder';

const runsPath = path.join('.infonce', 'runs');

/** Where runs on a dataset go unless told otherwise: beside it. */
export function defaultRunsDir(dataset: string): string {
  return path.join(path.dirname(path.resolve(dataset)), runsPath);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function holdsRuns(folder: string): boolean {
  return entriesOf(folder).some(({ name }) => existsSync(path.join(folder, name, 'run.json')));
}

/** Whether there is something to train on: a data file, or a folder with one, at most two folders down. */
function looksLikeData(target: string, depth = 2): boolean {
  if (formatOf(path.basename(target)) !== undefined) return true;
  if (depth < 0) return false;
  return entriesOf(target).some(({ name }) =>
    isBeside(name) || isBesideFolder(name) ? false : looksLikeData(path.join(target, name), depth - 1),
  );
}

/** The runs of a folder: the folder itself where it holds runs, those in its `.infonce`, or those beside a dataset. */
export function findRunsDir(given: string | undefined): string {
  const folder = path.resolve(given ?? '.');
  if (holdsRuns(folder)) return folder;
  const inside = path.join(folder, runsPath);
  if (existsSync(inside)) return inside;
  const beside = defaultRunsDir(folder);
  if (existsSync(beside) && looksLikeData(folder)) return beside;
  return given === undefined ? inside : folder;
}

/** Opens a run by its path, or by its id among the runs of the present folder. @throws UserError where there is none. */
export async function openRun(given: string): Promise<RunFolder> {
  const byId = path.join(findRunsDir(undefined), given);
  const known = !existsSync(path.join(given, 'run.json')) && existsSync(path.join(byId, 'run.json'));
  return await RunFolder.open(known ? byId : given);
}

/** As short as it can be typed from here. */
export function shortPath(absolute: string): string {
  const relative = path.relative(process.cwd(), absolute);
  return relative !== '' && relative.length < absolute.length ? relative : absolute;
}
