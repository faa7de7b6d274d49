import { existsSync } from 'node:fs';
import path from 'node:path';
import { commands, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import { askFolder } from '../ask';
import { writeSample } from '../sample/write';
import type { Lab } from './lab';

const folderName = 'infonce-lab-sample';

/** Where the sample goes: the extension's own storage, or a folder of the user's. */
async function askPlace({ extension }: Lab): Promise<string | undefined> {
  const own = {
    label: l10n.t("In the extension's storage"),
    detail: l10n.t('Nothing to choose; it goes when the extension is removed'),
    choose: async (): Promise<string | undefined> => extension.globalStorageUri.fsPath,
  };
  const other = {
    label: l10n.t('In a folder of mine…'),
    detail: l10n.t('A folder {0} is made there', folderName),
    choose: async () => await askFolder(l10n.t('Where shall the sample go?'), l10n.t('Put It Here')),
  };
  const chosen = await window.showQuickPick([own, other], {
    title: l10n.t('Open the sample'),
    placeHolder: l10n.t('Where shall the sample data go?'),
  });
  const parent = await chosen?.choose();
  return parent === undefined ? undefined : path.join(parent, folderName);
}

/** How it is opened: in this window where nothing is open yet, else as the user likes. */
async function open(folder: Uri): Promise<void> {
  const roots = workspace.workspaceFolders ?? [];
  if (roots.some(({ uri }) => uri.toString() === folder.toString())) {
    await commands.executeCommand('revealInExplorer', folder);
    return;
  }
  if (roots.length === 0) {
    await commands.executeCommand('vscode.openFolder', folder, { forceReuseWindow: true });
    return;
  }
  const fresh = l10n.t('Open in New Window');
  const add = l10n.t('Add to Workspace');
  const answer = await window.showInformationMessage(
    l10n.t('The sample data are in {0}', folder.fsPath),
    fresh,
    add,
  );
  if (answer === fresh) await commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
  if (answer === add) workspace.updateWorkspaceFolders(roots.length, 0, { uri: folder });
}

/** Writes the sample data where the user wants them, and opens them. What is there already stays as it is. */
export async function openSample(lab: Lab): Promise<void> {
  const folder = await askPlace(lab);
  if (folder === undefined) return;
  if (!existsSync(path.join(folder, 'README.md'))) {
    const title = l10n.t('Making the sample data');
    await window.withProgress(
      { location: ProgressLocation.Window, title },
      async () => await writeSample(folder),
    );
  }
  await open(Uri.file(folder));
}
