import path from 'node:path';
import { commands, type Disposable, type LogOutputChannel, l10n, window } from 'vscode';
import { sentence } from './ask';
import type { Job } from './jobs/job';
import type { RunList } from './runs/run-list';

async function tell(job: Job, runs: RunList, log: LogOutputChannel): Promise<void> {
  const { failure, outcome, run, dataset } = job;
  if (failure === undefined) return;
  log.warn(failure.message);
  const showProblems = l10n.t('Show Problems');
  const resume = l10n.t('Resume');
  const showLog = l10n.t('Show Log');
  const text =
    outcome === 'refused'
      ? l10n.t('{0} cannot be trained on yet: {1}', path.basename(dataset), failure.message)
      : sentence(failure.message);
  const first = outcome === 'refused' || failure.file !== undefined ? [showProblems] : [];
  const second = run === undefined ? [] : [resume];
  const answer = await window.showErrorMessage(text, ...first, ...second, showLog);
  if (answer === showProblems) await commands.executeCommand('workbench.actions.view.problems');
  if (answer === resume && run !== undefined)
    await commands.executeCommand('infonce.resume', runs.refOf(job.id));
  if (answer === showLog) log.show();
}

/** Says when a job has failed, and offers what can be done. What went well is seen where it is shown. */
export function notifyOfFailures(runs: RunList, log: LogOutputChannel): Disposable {
  return runs.onDidEnd((job) => {
    tell(job, runs, log).catch((error: unknown) => log.error(error as Error));
  });
}
