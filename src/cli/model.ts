import type { Dataset, Items } from '../engine/data/dataset';
import type { Model } from '../engine/model/model';
import { openModel } from '../engine/model/open';
import type { RunFolder } from '../engine/run/folder';
import { loadNative } from '../engine/tensorflow/native';
import { UserError } from '../protocol/errors';
import { warnOfSlowBackend } from './backend';
import type { ProgressDisplay } from './progress';
import type { Stop } from './stop';

/** Gives the run's trained model to some work and disposes of it. @throws UserError where the run has none. */
export async function withModel<T>(run: RunFolder, work: (model: Model) => Promise<T>): Promise<T> {
  const backend = await loadNative();
  const model = await openModel(run);
  warnOfSlowBackend(backend);
  try {
    return await work(model);
  } finally {
    model.dispose();
  }
}

/** @throws UserError when the data is of another kind than the model takes, or of another width. */
export function requireFit(run: RunFolder, model: Model, { items, root }: Dataset): void {
  const { description } = model.encoder;
  const refuse = (given: string, taken: string): never => {
    throw new UserError(
      'other-kind',
      `${root} holds ${given}, run ${run.id} takes ${taken}: give data like its own`,
      {
        file: root,
      },
    );
  };
  if (items.kind !== description.kind) refuse(`${items.kind}s`, `${description.kind}s`);
  if (description.kind === 'vector' && items.vectors?.width !== description.width) {
    refuse(`vectors of ${items.vectors?.width} numbers`, `vectors of ${description.width}`);
  }
}

/** What the reading of other data needs, so that images come out in the form the model takes. */
export function imageForm(run: RunFolder): { image?: { size: number; channels: 1 | 3 } } {
  if (run.record.dataset.kind !== 'image') return {};
  const { size, channels } = run.record.config.image;
  return { image: { size, channels } };
}

/** L2-normalised embeddings [items, dimensions], with the progress shown. */
export async function embedShown(
  model: Model,
  items: Items,
  { display, stop }: { display: ProgressDisplay; stop: Stop },
): Promise<Float32Array> {
  try {
    return await model.embedItems(items, undefined, {
      signal: stop.signal,
      onProgress: (done, total) => display.show({ phase: 'embedding', done, total, unit: 'things' }),
    });
  } finally {
    display.clear();
  }
}
