import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../protocol/dataset';
import { lineOfSetting } from './setting-line';

const settingsName = 'infonce.json';

/**
 * The problems of a dataset by the file that each is about, absolute, with its line where that can be told. What concerns
 * the whole dataset is told at its settings, where there are any.
 * @param dataset absolute: a folder, or a data file
 * @param readAt when it was read, ms: a file that was changed since is left out, as lines have moved and may be mended
 */
export function problemsByFile(
  dataset: string,
  problems: readonly Problem[],
  readAt = Number.POSITIVE_INFINITY,
): Map<string, Problem[]> {
  const isFolder = statSync(dataset, { throwIfNoEntry: false })?.isDirectory() === true;
  const root = isFolder ? dataset : path.dirname(dataset);
  const settings = path.join(root, settingsName);
  const whole = isFolder && existsSync(settings) ? settings : dataset;
  const lineOf = settingLines(settings);
  const byFile = new Map<string, Problem[]>();
  for (const problem of problems) {
    const file = problem.file === undefined ? whole : path.resolve(root, problem.file);
    const line = problem.line ?? (file === settings ? lineOf(problem.message) : undefined);
    const found = byFile.get(file) ?? [];
    found.push(line === undefined ? problem : { ...problem, line });
    byFile.set(file, found);
  }
  for (const file of byFile.keys()) if (isNewer(file, readAt)) byFile.delete(file);
  return byFile;
}

/** Tells the lines of settings by what was found of them; the file is read once, when it is first needed. */
function settingLines(file: string): (message: string) => number | undefined {
  let text: string | undefined;
  return (message) => {
    text ??= existsSync(file) ? readFileSync(file, 'utf8') : '';
    return lineOfSetting(text, message);
  };
}

/** Not of folders: their time changes with what is put in beside the data. */
function isNewer(file: string, than: number): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.mtimeMs > than;
}
