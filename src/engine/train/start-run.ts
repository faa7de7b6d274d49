import path from 'node:path';
import type { Choice, RunConfig } from '../../protocol/run';
import type { DatasetConfig } from '../data/config';
import type { Dataset } from '../data/dataset';
import { RunFolder } from '../run/folder';
import type { TrainOptions } from './session';

/** What `train` takes, but for what only the caller knows. */
export type PreparedRun = Pick<
  TrainOptions,
  'dataset' | 'datasetPath' | 'config' | 'choices' | 'run' | 'resume'
>;

/** The seed of a run for which none is set. */
export const defaultSeed = 0;

export interface NewRun {
  /** The dataset as it was given: a folder, or a single file. */
  readonly folder: string;
  readonly runsDir: string;
  readonly name?: string | undefined;
  /** How the dataset was read. */
  readonly reading: DatasetConfig;
}

/** Makes the folder of a new run, held by this process. @throws UserError where nothing can be written. */
export async function startRun(
  dataset: Dataset,
  chosen: { readonly config: RunConfig; readonly choices: readonly Choice[] },
  { folder, runsDir, name, reading }: NewRun,
): Promise<PreparedRun> {
  const told = Object.keys(reading).length > 0 ? reading : undefined;
  const run = await RunFolder.create(runsDir, name, new Date(), told);
  return { dataset, datasetPath: path.resolve(folder), ...chosen, run, resume: false };
}
