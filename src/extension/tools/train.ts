import { type CancellationToken, l10n } from 'vscode';
import { readSettings } from '../../engine/train/settings';
import type { InspectReport } from '../../protocol/dataset';
import type { RunHead } from '../../protocol/panel';
import { objectiveName } from '../commands/options';
import { inspect } from '../jobs/training';
import { openFolders, runsDirOf, shownPath } from '../places';
import type { RunList } from '../runs/run-list';
import type { Input } from './inputs';
import { placeInside } from './inside';
import { plain } from './plain';
import { headAnswer, problemsAnswer } from './runs-answer';
import { sourcesIn } from './sources';
import type { Tool, ToolLab } from './tool';

type TrainInput = Input<'infonce_train'>;

/** A start that takes longer waits for the user, who is asked about TensorFlow, or for a download. */
const startMs = 15_000;

export const train: Tool<'infonce_train'> = {
  lists: ['problems'],

  async prepare({ folder, name, settings = {} }) {
    const dataset = await placeInside(folder, openFolders());
    const { train: own } = await readSettings(dataset);
    const given = Object.entries(settings).filter(([setting]) => setting !== 'objective');
    const lines = [
      l10n.t('Data, which are only read: {0}', dataset),
      l10n.t('Objective: {0}', objectiveName(settings.objective ?? own.objective ?? 'infonce')),
      given.length === 0
        ? l10n.t('Settings: those of infonce.json, else chosen by the data')
        : l10n.t('Settings: {0}', given.map(([setting, value]) => `${setting} ${value}`).join(', ')),
      ...(name === undefined ? [] : [l10n.t('Name: {0}', name)]),
      l10n.t('Writes a new run folder (model, embeddings, checkpoints, log) into {0}', runsDirOf(dataset)),
    ];
    return {
      invocationMessage: plain(l10n.t('Starting to train on {0}', shownPath(dataset))),
      confirmationMessages: {
        title: l10n.t('Train an embedding model on {0}?', shownPath(dataset)),
        message: plain(...lines),
      },
    };
  },

  async answer(lab, input, token) {
    const dataset = await placeInside(input.folder, openFolders());
    const report = await preflight(lab, dataset, token);
    const found = problemsAnswer(report.problems, sourcesIn(dataset));
    if (!report.ready) return { started: false, dataset: shownPath(dataset), ...found };
    if (token.isCancellationRequested) return {};
    const { id } = lab.runs.train(orderOf(dataset, input));
    const head = await begun(lab.runs, id, token);
    return {
      started: head !== undefined && head.state !== 'failed',
      layout: report.layout,
      splits: report.splits,
      // That of the run itself, with the settings asked for.
      ...(head?.report?.estimate && { estimate: head.report.estimate }),
      ...(head && headAnswer(head, shownPath)),
      ...found,
    };
  },
};

function orderOf(dataset: string, { name, settings }: TrainInput): Parameters<RunList['train']>[0] {
  return { dataset, ...(name !== undefined && { name }), ...(settings && { settings }) };
}

/** The pre-flight by itself: what is refused is not to be found among the runs. */
async function preflight(
  { startTrainer }: ToolLab,
  dataset: string,
  token: CancellationToken,
): Promise<InspectReport> {
  const program = await startTrainer(false);
  const listening = token.onCancellationRequested(() => program.end(0));
  try {
    return await inspect(program, dataset);
  } finally {
    listening.dispose();
  }
}

/** Waits until a run that needs not wait for others has its folder, or has failed. @returns undefined where the user took it back */
async function begun(runs: RunList, id: string, token: CancellationToken): Promise<RunHead | undefined> {
  return await new Promise((resolve) => {
    const settle = (): void => {
      listening.dispose();
      cancelled.dispose();
      clearTimeout(timer);
      resolve(runs.get(id));
    };
    const look = (): void => {
      if (runs.get(id)?.state !== 'starting') settle();
    };
    const listening = runs.onDidChange(look);
    const cancelled = token.onCancellationRequested(settle);
    const timer = setTimeout(settle, startMs);
    look();
  });
}
