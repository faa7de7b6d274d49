import { type DatasetConfig, datasetConfigSchema } from '../engine/data/config';
import type { Dataset } from '../engine/data/dataset';
import { type ReadOptions, readDataset } from '../engine/data/read';
import type { RunFolder } from '../engine/run/folder';
import { firstIssue } from '../engine/run/record';
import { UserError } from '../protocol/errors';
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

/** How the data of a run was read. @throws UserError where this version cannot read it so. */
export function readingOf({ record, path }: RunFolder): DatasetConfig {
  const result = datasetConfigSchema.safeParse(record.dataset.reading ?? {});
  if (result.success) return result.data;
  throw new UserError(
    'unsupported-run',
    `run ${record.id}: its data was read in a way that this version does not support (${firstIssue(result.error)}): update the program, or train anew`,
    { file: path },
  );
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
