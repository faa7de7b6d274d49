import path from 'node:path';
import { type Disposable, workspace } from 'vscode';
import { runFiles, runFolders } from '../places';

export interface RunsFound {
  /** A run folder that is there, was changed, or is gone. */
  read(folder: string): Promise<void>;
  /** A folder was deleted, with all that lay in it. */
  deleted(folder: string): void;
  /** Reading what has changed failed. */
  readonly onFault: (error: unknown) => void;
}

/** Reads the run folders of the workspace, and watches them from then on. */
export async function findRuns(found: RunsFound): Promise<Disposable[]> {
  const watcher = workspace.createFileSystemWatcher(runFiles);
  const folders = workspace.createFileSystemWatcher(runFolders, true, true);
  folders.onDidDelete(({ fsPath }) => found.deleted(fsPath));
  for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
    event(({ fsPath }) => found.read(path.dirname(fsPath)).catch(found.onFault));
  }
  const files = await workspace.findFiles(runFiles, '**/node_modules/**');
  await Promise.all(files.map(async ({ fsPath }) => await found.read(path.dirname(fsPath))));
  return [watcher, folders];
}
