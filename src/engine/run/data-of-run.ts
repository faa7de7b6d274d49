import path from 'node:path';
import { UserError } from '../../protocol/errors';
import { type DatasetConfig, datasetConfigSchema } from '../data/config';
import type { RunFolder } from './folder';
import { firstIssue } from './record';

/** The dataset of a run, where it was when the run began (both may have moved together). Absolute. */
export function datasetPath(run: RunFolder): string {
  return path.resolve(run.path, run.record.dataset.path);
}

/** How the data of a run was read. @throws UserError where this version cannot read it so. */
export function readingOf({ record, path: folder }: RunFolder): DatasetConfig {
  const result = datasetConfigSchema.safeParse(record.dataset.reading ?? {});
  if (result.success) return result.data;
  throw new UserError(
    'unsupported-run',
    `run ${record.id}: its data was read in a way that this version does not support (${firstIssue(result.error)}): update the program, or train anew`,
    { file: folder },
  );
}
