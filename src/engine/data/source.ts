import { UserError } from '../../protocol/errors';
import type { DatasetConfig } from './config';
import { supportedFiles } from './formats';
import type { ProblemLog } from './problems';
import { countOf } from './profile';
import { chooseTables, openTables, type TableChoice } from './tables';
import type { DataFile, Walk } from './walk';

/** What is read: tables (of rows, or of image paths), or images by their folders. */
export type Source =
  | { readonly type: 'tables'; readonly choice: TableChoice }
  | { readonly type: 'images'; readonly files: readonly DataFile[] };

/**
 * Decides which files of a folder are the data set, and tells what is left out.
 *
 * @throws UserError `empty-folder`, `unsupported-files`, `missing-file`, and what `chooseTables` says where nothing fits
 */
export async function chooseSource(found: Walk, config: DatasetConfig, log: ProblemLog): Promise<Source> {
  const files = listedFiles(found, config);
  if (files.length === 0) throw nothingToRead(found, log);
  tellUnknown(found, log);
  const images = files.filter((file) => file.format === 'image');
  const tables = await openTables(files, log);
  const choice = tables.length === 0 ? undefined : chooseTables(tables, config, log);
  if (choice !== undefined && 'mapping' in choice) {
    if (images.length === 0 || !prefersImages(images, choice, config)) {
      const manifest = choice.mapping.columns.image !== undefined;
      if (images.length > 0 && !manifest) tellLeftOut(images, 'image', log);
      return { type: 'tables', choice };
    }
    tellLeftOut(
      choice.tables.map((table) => table.file),
      'table',
      log,
    );
  }
  if (images.length > 0) return { type: 'images', files: images };
  if (choice === undefined || 'mapping' in choice) throw new Error('neither a table nor an image was found');
  throw new UserError(choice.code, `${choice.file}: ${choice.message}`, { file: choice.file, line: 1 });
}

function listedFiles(found: Walk, config: DatasetConfig): readonly DataFile[] {
  if (config.files === undefined) return found.files;
  for (const name of config.files) {
    if (!found.files.some((file) => file.name === name)) {
      const message = `infonce.json lists the file "${name}" under "files"; it is not in the folder, or cannot be read`;
      throw new UserError('missing-file', message, { file: 'infonce.json' });
    }
  }
  const wanted = new Set(config.files);
  return found.files.filter((file) => wanted.has(file.name));
}

/** Class folders beside a table: the table counts if it is mapped by name and larger, or if it gives the images labels. */
function prefersImages(
  images: readonly DataFile[],
  { mapping, tables }: TableChoice,
  config: DatasetConfig,
): boolean {
  if (config.layout !== undefined) return mapping.layout !== config.layout;
  if (mapping.columns.image !== undefined) return mapping.columns.label === undefined;
  return mapping.confidence < 2 || totalBytes(images) > totalBytes(tables.map((table) => table.file));
}

function totalBytes(files: readonly DataFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

function tellLeftOut(files: readonly DataFile[], kind: string, log: ProblemLog): void {
  const [first] = files;
  if (first === undefined) return;
  const message = `${countOf(files.length, `${kind} file`)} left out, the first is ${first.name}; a folder of their own makes them usable`;
  log.add('warning', 'left-out-file', message, { file: first.name, key: kind, count: files.length });
}

function nothingToRead(found: Walk, log: ProblemLog): UserError {
  const kinds = describeUnknown(found);
  if (kinds !== '') {
    const message = `there is nothing to read in ${found.root}: it holds ${kinds}; supported are ${supportedFiles}`;
    return new UserError('unsupported-files', message);
  }
  const skipped = log.list().find((problem) => problem.file !== undefined);
  if (skipped?.file !== undefined) {
    return new UserError(
      skipped.code,
      `there is nothing to read in ${found.root}: ${skipped.message}`,
      skipped,
    );
  }
  return new UserError('empty-folder', `${found.root} is empty; supported are ${supportedFiles}`);
}

function tellUnknown(found: Walk, log: ProblemLog): void {
  const kinds = describeUnknown(found);
  if (kinds === '') return;
  const count = [...found.unknown.values()].reduce((a, b) => a + b, 0);
  log.add('info', 'unknown-files', `${countOf(count, 'file')} of other kinds left out: ${kinds}`, { count });
}

function describeUnknown(found: Walk): string {
  return [...found.unknown]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 6)
    .map(
      ([extension, count]) => `${count} ${extension === '' ? 'file(s) without extension' : `.${extension}`}`,
    )
    .join(', ');
}
