import type { SplitName } from '../../protocol/dataset';

/** Codes of splits in columns of numbers; -1 is undecided. */
export const splitCodes: Readonly<Record<SplitName, number>> = { train: 0, dev: 1, test: 2 };
export const undecided = -1;

const splitWords = new Map<string, SplitName>([
  ['train', 'train'],
  ['training', 'train'],
  ['dev', 'dev'],
  ['development', 'dev'],
  ['val', 'dev'],
  ['valid', 'dev'],
  ['validation', 'dev'],
  ['test', 'test'],
  ['testing', 'test'],
  ['eval', 'test'],
  ['evaluation', 'test'],
]);

/** The split a word of a folder, file or cell names: `train`, `Validation`, … */
export function splitOf(word: string): SplitName | undefined {
  return splitWords.get(word.trim().toLowerCase());
}

/** The split a file's path names: a word of its own name (`sts-dev.tsv`, `test-00000-of-00001.parquet`), else a folder. */
export function splitOfPath(name: string): SplitName | undefined {
  const parts = name.split('/');
  const words = (parts.pop() ?? '').split(/[-_. ]/);
  for (const word of words) {
    const split = splitOf(word);
    if (split !== undefined) return split;
  }
  for (const folder of parts.reverse()) {
    const split = splitOf(folder);
    if (split !== undefined) return split;
  }
  return undefined;
}

/**
 * Splits of files with equal columns. A name like `eval` on one file of several says something only beside another
 * split: a lone `test.csv` is the whole data set.
 */
export function splitsOfFiles(names: readonly string[]): (SplitName | undefined)[] {
  const splits = names.map(splitOfPath);
  const trainable = splits.some((split) => split === 'train' || split === undefined);
  return trainable ? splits : splits.map(() => undefined);
}

/**
 * Split and class of images by their folders. A folder level holds splits where every image lies below a split's name on
 * that level, or where two splits are named there; otherwise `train` beside `car` and `plane` is a class.
 */
export function imageFolders(names: readonly string[]): { split: SplitName | undefined; label: string }[] {
  const folders = names.map((name) => name.split('/').slice(0, -1));
  const depth = folders.reduce((most, parts) => Math.max(most, parts.length), 0);
  let level = -1;
  for (let d = 0; d < depth && level < 0; d++) {
    const found = new Set(folders.map((parts) => splitOf(parts[d] ?? '')));
    const named = [...found].filter((split) => split !== undefined);
    if (named.includes('train') && (found.size === 1 || named.length > 1)) level = d;
  }
  return folders.map((parts) => {
    const split = level < 0 ? undefined : splitOf(parts[level] ?? '');
    const label = parts.filter((_, d) => d !== level || split === undefined).join('/');
    return { split, label };
  });
}
