import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { commands, type Disposable, workspace } from 'vscode';
import { openFolders } from './places';
import type { RunList } from './runs/run-list';
import type { Native } from './types';

/** Whether runs lie in the workspace, by the names of their folders: at the start none is read. */
async function holdsRuns(): Promise<boolean> {
  if (!workspace.isTrusted) return false;
  for (const folder of openFolders()) {
    const names: string[] = await readdir(path.join(folder, '.infonce', 'runs')).catch(() => []);
    if (names.length > 0) return true;
  }
  return false;
}

/** Keeps the keys by which menus show only what makes sense: `infonce.hasRuns`, `infonce.javaScriptBackend`. */
export function keepContextKeys(runs: RunList, native: Native): Disposable[] {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean): void => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void commands.executeCommand('setContext', key, value);
  };
  const look = async (): Promise<void> => {
    if (await holdsRuns()) set('infonce.hasRuns', true);
  };
  void look();
  return [
    workspace.onDidGrantWorkspaceTrust(() => void look()),
    runs.onDidChange(() => set('infonce.hasRuns', runs.list().length > 0)),
    native.onDidChange(({ backend }) => set('infonce.javaScriptBackend', backend === 'javascript')),
  ];
}
