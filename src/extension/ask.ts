import { commands, type LogOutputChannel, l10n, type Uri, window, workspace } from 'vscode';
import { UserError } from '../protocol/errors';

/** Shows why something did not work: one sentence, and what can be done about it. The stack goes to the log. */
export async function showFailure(error: unknown, log: LogOutputChannel): Promise<void> {
  if (error instanceof UserError) {
    log.warn(error.message);
    await window.showErrorMessage(sentence(error.message));
    return;
  }
  log.error(error instanceof Error ? error : String(error));
  const showLog = l10n.t('Show Log');
  const message = error instanceof Error ? error.message : String(error);
  const answer = await window.showErrorMessage(l10n.t('InfoNCE Lab failed: {0}', message), showLog);
  if (answer === showLog) log.show();
}

/** Engine messages begin small, as they follow a file's name on a command line. */
export function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** Whether the workspace is trusted; if not, says so and offers the editor's own dialogue. */
export async function requireTrust(): Promise<boolean> {
  if (workspace.isTrusted) return true;
  const manage = l10n.t('Manage Trust');
  const answer = await window.showWarningMessage(
    l10n.t('InfoNCE Lab reads and trains on files only in a workspace that you trust.'),
    manage,
  );
  if (answer === manage) await commands.executeCommand('workbench.trust.manage');
  return false;
}

/** A folder that the user chooses. @returns undefined when they think better of it */
export async function askFolder(title: string, openLabel: string, start?: Uri): Promise<string | undefined> {
  const chosen = await window.showOpenDialog({
    title,
    openLabel,
    canSelectFolders: true,
    canSelectFiles: false,
    canSelectMany: false,
    ...(start !== undefined && { defaultUri: start }),
  });
  return chosen?.[0]?.fsPath;
}

/** The path of a clicked file or folder. @throws UserError where it is not on a disk */
export function pathOf(uri: Uri): string {
  if (uri.scheme === 'file') return uri.fsPath;
  throw new UserError(
    'not-on-disk',
    l10n.t('{0} is not on a disk of this machine: InfoNCE Lab trains on files there', uri.toString(true)),
  );
}

/** Where a dialogue that asks for a folder begins. */
export function firstRoot(): Uri | undefined {
  return workspace.workspaceFolders?.[0]?.uri;
}
