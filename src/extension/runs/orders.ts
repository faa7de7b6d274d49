import path from 'node:path';
import { l10n } from 'vscode';
import { UserError } from '../../protocol/errors';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import type { TrainJob } from '../../protocol/trainer';
import { runsDirOf } from '../places';
import { settingsOf } from './settings';
import type { ShelvedRun } from './shelf';

/** What is to be trained; the rest follows from the workspace. */
export interface NewRun {
  /** Absolute: a folder, or a data file. */
  readonly dataset: string;
  readonly name?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

type TrainOrder = Extract<TrainJob, { type: 'train' }>;

export function orderOf({ dataset, name, settings = {} }: NewRun): TrainOrder {
  const runsDir = runsDirOf(dataset);
  return { type: 'train', folder: dataset, runsDir, settings, ...(name !== undefined && { name }) };
}

/** @param run as it was just read. @throws UserError where there is nothing left to train, or somebody does it. */
export function orderToResume(run: ShelvedRun): TrainJob {
  const { head, folder } = run;
  if (head.state === 'completed') {
    throw new UserError(
      'already-completed',
      l10n.t('{0} is completed: there is nothing left to train', shownName(head)),
    );
  }
  if (head.state === 'running') {
    throw new UserError(
      'run-held',
      l10n.t('{0} is already being trained by another process', shownName(head)),
    );
  }
  return { type: 'resume', run: folder };
}

/** The same training anew, by the record of a run. @throws UserError where there is none. */
export function orderAgain(head: RunHead | undefined, folder: string | undefined): TrainOrder {
  if (head?.record === undefined || folder === undefined) {
    throw new UserError('no-run', l10n.t('there is no record of the run to train by'));
  }
  const { name, run, dataset, record } = head;
  return {
    type: 'train',
    folder: dataset.path,
    runsDir: path.dirname(folder),
    settings: settingsOf(record.config),
    ...(name !== run && { name }),
  };
}
