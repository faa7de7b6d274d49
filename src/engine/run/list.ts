import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../protocol/errors';
import type { RunRecord, RunState } from '../../protocol/run';
import { fileError, isMissing } from './files';
import { RunFolder } from './folder';

export type RunListing =
  | { readonly path: string; readonly id: string; readonly state: RunState; readonly record: RunRecord }
  | { readonly path: string; readonly id: string; readonly unreadable: string };

async function look(folder: string, id: string): Promise<RunListing> {
  try {
    const run = await RunFolder.open(folder);
    const state = await run.state();
    return { path: folder, id, state, record: run.record };
  } catch (error) {
    if (error instanceof UserError) return { path: folder, id, unreadable: error.message };
    throw error;
  }
}

/** The runs in a folder (its folders with a `run.json`), newest first; what cannot be read is listed with the reason. No folder: no runs. */
export async function listRuns(runsDir: string): Promise<RunListing[]> {
  const parent = path.resolve(runsDir);
  let names: string[];
  try {
    const entries = await readdir(parent, { withFileTypes: true });
    names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileError(error, 'read', parent);
  }
  const runs: RunListing[] = [];
  for (const id of names.sort().reverse()) {
    const folder = path.join(parent, id);
    if (existsSync(path.join(folder, 'run.json'))) runs.push(await look(folder, id));
  }
  return runs;
}
