import { UserError } from '../../protocol/errors';
import type { Dataset } from '../data/dataset';
import { type ReadOptions, readDataset } from '../data/read';
import { datasetPath, readingOf } from '../run/data-of-run';
import type { RunFolder } from '../run/folder';
import type { PreparedRun } from './start-run';

/**
 * Reads the data of a run that is to go on, in the way it was read.
 * @param run held by this process.
 * @throws UserError where the run is completed, its data cannot be read, or has changed.
 */
export async function readAgain(
  run: RunFolder,
  options: Pick<ReadOptions, 'signal' | 'onProgress'>,
): Promise<Dataset> {
  const { record } = run;
  if (record.state === 'completed') {
    throw new UserError('already-completed', `run ${run.id} is completed: there is nothing left to train`);
  }
  const folder = datasetPath(run);
  const dataset = await readDataset(folder, { ...options, config: readingOf(run), seed: record.config.seed });
  if (dataset.fingerprint !== record.dataset.fingerprint) {
    throw new UserError(
      'dataset-changed',
      `${folder} has changed since run ${run.id} began, so it cannot go on exactly: restore the data, or train anew`,
      { file: folder },
    );
  }
  return dataset;
}

/**
 * Makes the run ready to go on from its newest whole checkpoint, and notes that in its log.
 * @param onWarning told what is lost: checkpoints that cannot be used, or all steps.
 */
export async function takeUp(
  run: RunFolder,
  dataset: Dataset,
  onWarning: (message: string) => void,
): Promise<PreparedRun> {
  const passedOver: string[] = [];
  const from = (await run.latestCheckpoint((why) => passedOver.push(why)))?.step ?? 0;
  for (const why of passedOver) onWarning(`a checkpoint is passed over: ${why}`);
  if (from === 0) {
    const none =
      passedOver.length > 0 ? 'no checkpoint can be used' : 'it was stopped before its first checkpoint';
    onWarning(`${none}, so the run begins again at step 1`);
  }
  // Steps after the checkpoint are done again: the log's readers count each once.
  run.appendMetrics({ event: 'resumed', step: from > 0 ? from : -1 });
  const { config, choices } = run.record;
  return { dataset, datasetPath: datasetPath(run), config, choices, run, resume: true };
}
