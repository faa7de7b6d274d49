/** Settings of a data set, beside its files. */
export const configName = 'infonce.json';

/** How a file is read, decided by its name; contents are checked by the reader. */
export type Format = 'delimited' | 'json-lines' | 'json' | 'parquet' | 'npy' | 'image';

const formats = new Map<string, Format>([
  ['csv', 'delimited'],
  ['tsv', 'delimited'],
  ['tab', 'delimited'],
  ['txt', 'delimited'],
  ['jsonl', 'json-lines'],
  ['ndjson', 'json-lines'],
  ['json', 'json'],
  ['parquet', 'parquet'],
  ['npy', 'npy'],
  ['png', 'image'],
  ['jpg', 'image'],
  ['jpeg', 'image'],
  ['webp', 'image'],
]);

/** For messages to people. */
export const supportedFiles =
  '.csv, .tsv, .txt (tabs), .jsonl, .json (also with .gz), .parquet, .npy, .png, .jpg, .webp';

export interface FileFormat {
  readonly format: Format;
  /** Lower-case, without the dot and without `.gz`. */
  readonly extension: string;
  readonly gzip: boolean;
}

/** Undefined for files that are not read. Case does not matter. */
export function formatOf(name: string): FileFormat | undefined {
  const lower = name.toLowerCase();
  const gzip = lower.endsWith('.gz');
  const extension = extensionOf(gzip ? lower.slice(0, -3) : lower);
  const format = formats.get(extension);
  if (format === undefined) return undefined;
  if (gzip && format !== 'delimited' && format !== 'json-lines' && format !== 'json') return undefined;
  return { format, extension, gzip };
}

/** Lower-case, without the dot; '' where there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Whole names: `source_text.csv` and `license_plates.csv` are data. */
const documents = /^(readme|licen[cs]e|copying|source|notice|citation|changelog)(\.(md|txt|rst))?$/i;

/** Files about the data, and files of tools: left out without a word. */
export function isBeside(name: string): boolean {
  return name.startsWith('.') || name === configName || documents.test(name) || /\.(md|rst)$/i.test(name);
}

/** Folders of tools: left out without a word. */
export function isBesideFolder(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules' || name === '__pycache__' || name === '__MACOSX';
}
