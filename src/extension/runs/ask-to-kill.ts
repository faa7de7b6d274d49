import { l10n, window } from 'vscode';

/** Whether to end a process that has not stopped. @param gone aborted when it has ended meanwhile */
export async function askToKill(name: string, gone: AbortSignal): Promise<boolean> {
  const kill = l10n.t('End the Process');
  const wait = l10n.t('Wait');
  const question = l10n.t(
    '{0} has not stopped within ten seconds. Ending its process loses what was trained since the last checkpoint.',
    name,
  );
  const answer = await window.showWarningMessage(question, kill, wait);
  return answer === kill && !gone.aborted;
}
