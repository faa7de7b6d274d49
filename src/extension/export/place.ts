import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { commands, l10n, Uri, window } from 'vscode';
import { askFolder, firstRoot } from '../ask';
import type { Target } from './write-folder';

/** A name that every file system takes. */
function plain(name: string): string {
  const words = name.match(/[\p{L}\p{M}\p{N}._]+/gu) ?? [];
  return words.join('-').replace(/^\.+/, '').slice(0, 60) || 'run';
}

/** A new folder `NAME-WHAT` where the user wants it; one that is there is replaced only when they say so. */
export async function askTarget(title: string, name: string, what: string): Promise<Target | undefined> {
  const parent = await askFolder(title, l10n.t('Export Here'), firstRoot());
  if (parent === undefined) return undefined;
  const folder = path.join(parent, `${plain(name)}-${what}`);
  const files = await readdir(folder).catch(() => []);
  if (files.length === 0) return { folder, replace: false };
  const replace = l10n.t('Replace');
  const detail = l10n.t('It holds {0} files, which will be removed.', files.length);
  const question = l10n.t('Replace the folder {0}?', folder);
  const answer = await window.showWarningMessage(question, { modal: true, detail }, replace);
  return answer === replace ? { folder, replace: true } : undefined;
}

export async function tellExported(target: string): Promise<void> {
  const show = l10n.t('Show');
  const answer = await window.showInformationMessage(l10n.t('Exported to {0}', target), show);
  if (answer === show) await commands.executeCommand('revealFileInOS', Uri.file(target));
}
