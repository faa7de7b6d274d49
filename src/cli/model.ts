import type { Dataset } from '../engine/data/dataset';
import type { Model } from '../engine/model/model';
import { openModel } from '../engine/model/open';
import type { RunFolder } from '../engine/run/folder';
import { loadNative } from '../engine/tensorflow/native';
import { UserError } from '../protocol/errors';
import { warnOfSlowBackend } from './backend';

/** Gives the run's trained model to some work and disposes of it. @throws UserError where the run has none. */
export async function withModel<T>(run: RunFolder, work: (model: Model) => Promise<T>): Promise<T> {
  warnOfSlowBackend(await loadNative());
  const model = await openModel(run);
  try {
    return await work(model);
  } finally {
    model.dispose();
  }
}

/** @throws UserError when the data is of another kind than the model, or its vectors of another width. */
export function requireSameKind(run: RunFolder, { items, root }: Dataset): void {
  const { kind } = run.record.dataset;
  if (items.kind !== kind) {
    throw new UserError(
      'other-kind',
      `${root} holds ${items.kind}s, run ${run.id} was trained on ${kind}s: give data of that kind`,
      { file: root },
    );
  }
}
