import path from 'node:path';
import { Uri, workspace } from 'vscode';

/** Run folders, wherever they lie in the workspace. */
export const runFiles = '**/.infonce/runs/*/run.json';

/** Their folders, and those above: of one that is deleted, what was in it is not told. */
export const runFolders = '**/{.infonce,.infonce/runs,.infonce/runs/*}';

/** Where the runs on a dataset go: into the workspace folder that holds it, else beside it. */
export function runsDirOf(dataset: string): string {
  const holder = workspace.getWorkspaceFolder(Uri.file(dataset))?.uri.fsPath ?? path.dirname(dataset);
  return path.join(holder, '.infonce', 'runs');
}

/** As short as it says enough: relative to the workspace where it lies there. */
export function shownPath(absolute: string): string {
  return workspace.asRelativePath(Uri.file(absolute));
}

/** The folders of the workspace, absolute. */
export function openFolders(): string[] {
  return (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}
