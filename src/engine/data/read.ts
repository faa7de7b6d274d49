import { createHash } from 'node:crypto';
import { UserError } from '../../protocol/errors';
import { audit } from './audit';
import { buildImages } from './build-images';
import { type FileDigest, hashFile } from './bytes';
import type { DatasetConfig } from './config';
import { decideSplits, keepGiven } from './cut';
import type { Dataset } from './dataset';
import { folderImages } from './image-sources';
import { makeSplits } from './make-splits';
import { ProblemLog } from './problems';
import type { Built } from './raw';
import { readTables } from './read-tables';
import { defaultThreshold } from './scores';
import { chooseSource, type Source } from './source';
import { splitCodes } from './split-names';
import type { ReadContext } from './table';
import { walk } from './walk';

export interface ReadProgress {
  readonly phase: 'reading' | 'images' | 'checking';
  /** Bytes while reading tables, images while reading images (each is looked at twice), files while checking. */
  readonly done: number;
  readonly total?: number;
}

export interface ReadOptions {
  readonly config?: DatasetConfig;
  readonly seed: number;
  /** What the data is for: only what is trained on (the default) needs enough rows, and splits that are cut. */
  readonly purpose?: 'train' | 'use';
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** Fewer training rows than this are no training set. */
const fewestRows = 8;

/**
 * Reads a dataset folder, or a single data file, into items and relations. Nothing is written. What can be skipped is
 * skipped and told in `problems`.
 *
 * @throws UserError where there is nothing to train on, with file and line where there is one
 */
export async function readDataset(given: string, options: ReadOptions): Promise<Dataset> {
  const log = new ProblemLog();
  const config = options.config ?? {};
  const found = await walk(given, log, options.signal);
  const source = await chooseSource(found, config, log);
  const digests = new Map<string, FileDigest>();
  const context = contextFor(source, log, digests, options);
  const files = source.type === 'images' ? source.files : source.choice.tables.map((table) => table.file);
  const names = files.map((file) => file.name);
  const training = options.purpose !== 'use';
  const read =
    source.type === 'images'
      ? await buildImages(folderImages(source.files, context), config, context)
      : await readTables(found.root, source.choice, config, context);
  const built = training ? withoutLoneClass(read, names, log) : read;
  if (built.rows.first.length === 0) throw emptyTables(names, log);
  if (training) decideSplits(built, options.seed, log);
  else keepGiven(built);
  const trainRows = built.rows.split.reduce((count, code) => count + Number(code === splitCodes.train), 0);
  if (training && trainRows < fewestRows) {
    const message = `${trainRows} usable training rows are too few, at least ${fewestRows} are needed (first file: ${names[0]})`;
    throw new UserError('too-few-rows', message, placeOf(names[0]));
  }
  try {
    audit(built, names, log);
  } catch (error) {
    // What cannot be learnt from can still be looked at.
    if (training || !(error instanceof UserError)) throw error;
    log.add('info', error.code, error.message, placeOf(error.file));
  }
  const hashed =
    source.type === 'images' || built.items.kind !== 'image' ? names : [...names, ...built.items.content];
  return {
    root: found.root,
    layout: built.layout,
    items: built.items,
    labels: built.labels,
    files: names,
    splits: makeSplits(built.rows, built.items.count),
    columns: source.type === 'images' ? {} : source.choice.mapping.columns,
    problems: log.list(),
    ...(built.rows.type === 'scored'
      ? { positiveThreshold: config.positiveThreshold ?? defaultThreshold(built.rows.score) }
      : {}),
    fingerprint: await fingerprint(found.root, hashed, digests, options),
  };
}

function contextFor(
  source: Source,
  log: ProblemLog,
  digests: ReadContext['digests'],
  { signal, onProgress }: ReadOptions,
): ReadContext {
  const images = source.type === 'images';
  const total = images
    ? source.files.length * 2
    : source.choice.tables.reduce((sum, t) => sum + t.file.bytes, 0);
  let done = 0;
  const advance = (amount: number): void => {
    done += amount;
    // Packed files unpack to more than their size: the total is then not known.
    onProgress?.({ phase: images ? 'images' : 'reading', done, ...(done <= total ? { total } : {}) });
  };
  return { log, signal, advance, digests };
}

/** One class tells nothing apart: texts need two, images and vectors fall back to views of themselves. */
function withoutLoneClass(built: Built, names: readonly string[], log: ProblemLog): Built {
  if (built.labels.length !== 1) return built;
  if (built.layout === 'labelled-texts') {
    const message = `${names.join(', ')}: all texts have the one label "${built.labels[0]}"; at least two labels are needed`;
    throw new UserError('one-class', message, placeOf(names[0]));
  }
  const message = `all rows have the one label "${built.labels[0]}", so labels are not used: an item's positives are altered views of itself`;
  log.add('warning', 'one-class', message);
  return {
    ...built,
    layout: built.layout === 'labelled-images' ? 'images' : 'vectors',
    labels: [],
    items: { ...built.items, label: new Int32Array(built.items.count).fill(-1) },
  };
}

function placeOf(file: string | undefined): { file?: string } {
  return file === undefined ? {} : { file };
}

function emptyTables(names: readonly string[], log: ProblemLog): UserError {
  const [worst] = log.list();
  const why = worst === undefined ? '' : `: ${worst.message}`;
  const file = worst?.file ?? names[0];
  const at = { ...placeOf(file), ...(worst?.line === undefined ? {} : { line: worst.line }) };
  return new UserError('no-usable-row', `${names.join(', ')} has no usable row${why}`, at);
}

/** SHA-256 over the sorted relative paths, the sizes and the SHA-256 of each file's bytes. */
async function fingerprint(
  root: string,
  names: readonly string[],
  known: ReadContext['digests'],
  options: ReadOptions,
): Promise<string> {
  const hash = createHash('sha256');
  const sorted = [...names].sort();
  for (const [i, name] of sorted.entries()) {
    const { digest, bytes } = known.get(name) ?? (await hashFile(`${root}/${name}`, options.signal));
    hash.update(`${name}\0${bytes}\0${digest}\n`);
    options.onProgress?.({ phase: 'checking', done: i + 1, total: sorted.length });
  }
  return hash.digest('hex');
}
