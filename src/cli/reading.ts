import type { Dataset } from '../engine/data/dataset';
import { type ReadOptions, readDataset } from '../engine/data/read';
import type { ProgressDisplay } from './progress';

/** The reading side of a display. */
export function readProgress(display: ProgressDisplay): NonNullable<ReadOptions['onProgress']> {
  return ({ phase, done, total }) => {
    display.show({
      phase,
      done,
      ...(total !== undefined && { total }),
      unit: phase === 'reading' ? 'bytes' : 'things',
    });
  };
}

/** Reads a dataset and shows how far it is. */
export async function readShown(
  folder: string,
  options: Omit<ReadOptions, 'onProgress'> & { display: ProgressDisplay },
): Promise<Dataset> {
  const { display, ...rest } = options;
  try {
    return await readDataset(folder, { ...rest, onProgress: readProgress(display) });
  } finally {
    display.clear();
  }
}
