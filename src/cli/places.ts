import { existsSync } from 'node:fs';
import path from 'node:path';
import { RunFolder } from '../engine/run/folder';

const runsPath = path.join('.infonce', 'runs');

/** Where runs on a dataset go unless told otherwise: beside it. */
export function defaultRunsDir(dataset: string): string {
  return path.join(path.dirname(path.resolve(dataset)), runsPath);
}

/** The runs of a folder: those in its `.infonce`, those beside it, or the folder itself is one of runs. */
export function findRunsDir(given: string | undefined): string {
  const folder = path.resolve(given ?? '.');
  const inside = path.join(folder, runsPath);
  if (existsSync(inside)) return inside;
  const beside = defaultRunsDir(folder);
  // With a folder named, its neighbours are meant only if it is a dataset that was trained on, not a folder of runs.
  if (given !== undefined && (path.basename(folder) === 'runs' || !existsSync(beside))) return folder;
  return existsSync(beside) ? beside : inside;
}

/** Opens a run by its path, or by its id among the runs of the present folder. @throws UserError where there is none. */
export async function openRun(given: string): Promise<RunFolder> {
  const byId = path.join(findRunsDir(undefined), given);
  const known = !existsSync(path.join(given, 'run.json')) && existsSync(path.join(byId, 'run.json'));
  return await RunFolder.open(known ? byId : given);
}

/** The dataset of a run, where it was when the run began (both may have moved together). */
export function datasetPath(run: RunFolder): string {
  return path.resolve(run.path, run.record.dataset.path);
}

/** As short as it can be typed from here. */
export function shortPath(absolute: string): string {
  const relative = path.relative(process.cwd(), absolute);
  return relative !== '' && relative.length < absolute.length ? relative : absolute;
}
