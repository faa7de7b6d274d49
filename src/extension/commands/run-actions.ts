import { rm } from 'node:fs/promises';
import { commands, l10n, ProgressLocation, Uri, window } from 'vscode';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import { requireTrust } from '../ask';
import { chooseRun } from './choose-run';
import type { Lab } from './lab';

const isActive = ({ state }: RunHead): boolean =>
  state === 'running' || state === 'starting' || state === 'queued';

export async function openPanel(lab: Lab, given: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const run = await chooseRun(lab, given, {
    title: l10n.t('Open a run'),
    fits: () => true,
    none: l10n.t('There are no runs yet: right-click a folder of data and train on it.'),
  });
  if (run !== undefined) await lab.panels.open(run);
}

export async function stop(lab: Lab, given: unknown): Promise<void> {
  const working = lab.runs.list().filter(isActive);
  const [only] = working.length === 1 ? working : [];
  const run = await chooseRun(lab, given ?? (only && lab.runs.refOf(only.run)), {
    title: l10n.t('Stop a run'),
    fits: isActive,
    none: l10n.t('Nothing is being trained.'),
  });
  if (run === undefined) return;
  await window.withProgress(
    { location: { viewId: 'infonce.runs' } },
    async () => await lab.runs.stop(run.id),
  );
}

export async function resume(lab: Lab, given: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const run = await chooseRun(lab, given, {
    title: l10n.t('Resume a run'),
    fits: ({ state, record }) => record !== undefined && state !== 'completed' && state !== 'running',
    none: l10n.t('There is no run that could go on.'),
  });
  if (run !== undefined) await lab.panels.open(await lab.runs.resume(run.id));
}

export async function again(lab: Lab, given: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const run = await chooseRun(lab, given, {
    title: l10n.t('Train again'),
    fits: () => true,
    none: l10n.t('There are no runs yet.'),
  });
  if (run !== undefined) await lab.panels.open(await lab.runs.again(run.id));
}

export async function revealFolder(lab: Lab, given: unknown): Promise<void> {
  const run = await chooseRun(lab, given, {
    title: l10n.t('Show the folder of a run'),
    fits: ({ record }) => record !== undefined,
    none: l10n.t('There are no runs yet.'),
  });
  const folder = run && lab.runs.folderOf(run.id);
  if (folder !== undefined) await commands.executeCommand('revealInExplorer', Uri.file(folder));
}

/** Deletes a run's folder after a question; what is being trained is refused. */
export async function deleteRun(lab: Lab, given: unknown): Promise<void> {
  const run = await chooseRun(lab, given, {
    title: l10n.t('Delete a run'),
    fits: (head) => !isActive(head),
    none: l10n.t('There is no run that could be deleted.'),
  });
  const head = run && lab.runs.get(run.id);
  if (run === undefined || head === undefined) return;
  if (isActive(head)) {
    await window.showWarningMessage(l10n.t('{0} is being trained: stop it first.', shownName(head)));
    return;
  }
  const folder = lab.runs.folderOf(run.id);
  if (folder !== undefined) {
    const remove = l10n.t('Delete');
    const detail = l10n.t('The folder {0} is removed with its model and embeddings, for good.', folder);
    const question = l10n.t('Delete the run {0}?', shownName(head));
    if ((await window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
    // Another program may have taken it up since the list was read.
    const { isHeld } = await import('../../engine/run/holder');
    if (await isHeld(folder)) {
      await window.showWarningMessage(l10n.t('{0} is being trained: stop it first.', shownName(head)));
      return;
    }
    await window.withProgress(
      { location: ProgressLocation.Window, title: l10n.t('Deleting {0}', shownName(head)) },
      async () => await rm(folder, { recursive: true, force: true }),
    );
  }
  await lab.runs.forget(run.id);
}

/** What a click on the status bar offers. */
export async function showWork(lab: Lab): Promise<void> {
  const { head, waiting } = lab.runs.work;
  if (head === undefined) return;
  const run = lab.runs.refOf(head.run);
  const open = {
    label: `$(graph-line) ${l10n.t('Open {0}', shownName(head))}`,
    act: () => lab.panels.open(run),
  };
  const end = { label: `$(debug-stop) ${l10n.t('Stop {0}', shownName(head))}`, act: () => stop(lab, run) };
  const queue = {
    label: `$(list-unordered) ${l10n.t('See the {0} that wait', waiting)}`,
    act: async () => await commands.executeCommand('infonce.runs.focus'),
  };
  const chosen = await window.showQuickPick([open, end, ...(waiting > 0 ? [queue] : [])], {
    title: l10n.t('InfoNCE Lab trains {0}', shownName(head)),
  });
  await chosen?.act();
}
