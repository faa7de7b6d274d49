import path from 'node:path';
import { l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { askFolder, firstRoot, pathOf } from '../ask';
import { findDatasets } from './find-datasets';

/** The folder that holds a dataset, where that is not the workspace itself. */
function above(folder: string): string {
  const parent = path.dirname(workspace.asRelativePath(Uri.file(folder)));
  return path.isAbsolute(parent) || parent === '.' ? '' : parent;
}

/** The folder or data file that the user chooses. */
export async function askDataset(title: string): Promise<string | undefined> {
  const roots = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const found = (await Promise.all(roots.map(findDatasets))).flat();
  const items: (QuickPickItem & { folder?: string })[] = found.map((folder) => ({
    label: `$(folder) ${path.basename(folder)}`,
    description: above(folder),
    folder,
  }));
  const browse = { label: `$(folder-opened) ${l10n.t('Another folder…')}`, alwaysShow: true };
  if (items.length === 0) return await askFolder(title, l10n.t('Choose'), firstRoot());
  const chosen = await window.showQuickPick([...items, browse], {
    title,
    placeHolder: l10n.t('A folder of data'),
    matchOnDescription: true,
  });
  if (chosen === undefined) return undefined;
  return 'folder' in chosen && chosen.folder !== undefined
    ? chosen.folder
    : await askFolder(title, l10n.t('Choose'), firstRoot());
}

/** What was clicked in the Explorer, all that is selected with it; else what the user chooses. */
export async function chooseDatasets(title: string, clicked: unknown, selected: unknown): Promise<string[]> {
  const uris = Array.isArray(selected) ? selected.filter((uri) => uri instanceof Uri) : [];
  if (uris.length > 1) return uris.map(pathOf);
  if (clicked instanceof Uri) return [pathOf(clicked)];
  const chosen = await askDataset(title);
  return chosen === undefined ? [] : [chosen];
}
