import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { workspace } from 'vscode';
import type { RunList } from './runs/run-list';
import type { Panels } from './types';

/** A note that a program which trained leaves in a workspace: the id of the run to show, or nothing for the newest. */
const note = path.join('.infonce', 'open');

async function takeNote(root: string): Promise<string | undefined> {
  const file = path.join(root, note);
  try {
    const text = await readFile(file, 'utf8');
    // Once: the next window opens as it was left.
    await rm(file);
    return text.trim();
  } catch {
    return undefined;
  }
}

/** Shows the run that a note asks for. */
export async function openNotedRun(runs: RunList, panels: Panels): Promise<void> {
  if (!workspace.isTrusted) return;
  for (const { uri } of workspace.workspaceFolders ?? []) {
    const id = uri.scheme === 'file' ? await takeNote(uri.fsPath) : undefined;
    if (id === undefined) continue;
    await runs.find();
    const head = id === '' ? runs.list().find(({ record }) => record !== undefined) : runs.get(id);
    if (head !== undefined) await panels.open(runs.refOf(head.run));
  }
}
