import { UserError } from '../../protocol/errors';
import type { DatasetConfig } from './config';
import { openDelimited } from './delimited';
import { openJson } from './json';
import { type Mapping, type MappingFailure, mapColumns } from './mapping';
import { labelFiles, openNpy } from './npy';
import { openParquet } from './parquet';
import type { ProblemLog } from './problems';
import { countOf, someOf } from './profile';
import { splitCodes, splitOfPath } from './split-names';
import type { Cell, Table } from './table';
import type { DataFile } from './walk';

export interface TableChoice {
  readonly mapping: Mapping;
  /** The tables that have the mapped columns. */
  readonly tables: readonly Table[];
}

/**
 * Opens every table of the folder. A file that cannot be opened, or is no table, is told and left out.
 *
 * @throws UserError why the first file is none, where there is no table (and nothing else to read)
 */
export async function openTables(files: readonly DataFile[], log: ProblemLog): Promise<Table[]> {
  const labelsOf = labelFiles(files);
  const labels = new Set(labelsOf.values());
  const tables: Table[] = [];
  let failed: UserError | undefined;
  let refused: UserError | undefined;
  const images = files.filter((file) => file.format === 'image');
  for (const file of files) {
    if (file.format === 'image' || labels.has(file)) continue;
    try {
      const table = await openTable(file, labelsOf.get(file));
      if (typeof table !== 'string') {
        tables.push(table);
        continue;
      }
      const message = `${file.name} ${table}`;
      refused ??= new UserError('no-usable-column', message, { file: file.name });
      log.add('info', 'no-table', `left out: ${message}`, { file: file.name });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed ??= error;
      const place = error.line === undefined ? { file: file.name } : { file: file.name, line: error.line };
      log.add('warning', error.code, error.message, place);
    }
  }
  if (tables.length > 0) return tables;
  if (failed !== undefined) throw failed;
  if (refused !== undefined && images.length === 0) throw refused;
  return tables;
}

/** A file as a table, or why it is none. */
export async function openTable(file: DataFile, labels?: DataFile): Promise<Table | string> {
  switch (file.format) {
    case 'delimited':
      return openDelimited(file);
    case 'json':
    case 'json-lines':
      return openJson(file);
    case 'parquet':
      return openParquet(file);
    case 'npy':
      return openNpy(file, labels);
    case 'image':
      throw new Error(`${file.name} is an image, not a table`);
  }
}

interface Group {
  readonly columns: readonly string[];
  readonly tables: Table[];
  bytes: number;
}

/**
 * Which tables are the data set: of the groups with equal columns, one mapped by name comes before one mapped by content,
 * then the one with most bytes. Other files that have all the mapped columns join; the rest is left out, and that is told.
 *
 * @returns the failure of the largest group where none can be mapped, with its first file
 * @throws UserError `unclosed-quote` where that is why none can be mapped
 */
export function chooseTables(
  tables: readonly Table[],
  config: DatasetConfig,
  log: ProblemLog,
): TableChoice | (MappingFailure & { readonly file: string }) {
  const groups = [...groupByColumns(tables)].sort((a, b) => b.bytes - a.bytes);
  let best: { group: Group; mapping: Mapping } | undefined;
  let firstDefect: UserError | undefined;
  let firstFailure: (MappingFailure & { file: string }) | undefined;
  for (const group of groups) {
    const mapping = mapColumns(group.columns, sampleOf(group), config);
    if ('message' in mapping) {
      const defect = group.tables.find((table) => table.defect !== undefined)?.defect;
      if (defect !== undefined) firstDefect ??= defect;
      firstFailure ??= { ...mapping, file: group.tables[0]?.file.name ?? '' };
    } else if (best === undefined || mapping.confidence > best.mapping.confidence) best = { group, mapping };
  }
  if (best === undefined) {
    if (firstDefect !== undefined) throw firstDefect;
    return firstFailure ?? { code: 'no-usable-column', message: 'there is no table', file: '' };
  }
  const { mapping } = best;
  const needed = requiredColumns(mapping);
  const joined = tables
    .filter((table) => needed.every((name) => table.columns.includes(name)))
    .sort((a, b) => splitRank(a) - splitRank(b));
  const chosen = best.group.tables[0]?.file.name ?? '';
  for (const group of groupByColumns(tables.filter((table) => !joined.includes(table)))) {
    tellOtherColumns(group, chosen, log);
  }
  for (const note of mapping.notes) {
    log.add(note.severity, note.code, note.message, { file: chosen });
  }
  for (const table of joined.filter((t) => !t.header)) {
    const message = `the first row of ${table.file.name} looks like data, so its columns are called column_1 to column_${table.columns.length}`;
    log.add('info', 'no-header', message, { file: table.file.name, line: 1 });
  }
  return { mapping, tables: joined };
}

function tellOtherColumns({ columns, tables }: Group, chosen: string, log: ProblemLog): void {
  const names = tables.map((table) => table.file.name);
  const [file = ''] = names;
  const count = names.length;
  const shown = columns.slice(0, 4).map((name) => `"${name}"`);
  const message = `${countOf(count, 'file')} left out: ${someOf(names)}; the columns (${shown.join(', ')}${columns.length > 4 ? ', …' : ''}) are not those of ${chosen}; a folder of their own makes them usable`;
  log.add('warning', 'left-out-file', message, { file, key: 'columns', count });
}

/** Train is read first: where one text comes twice, its place and label are those of train. */
function splitRank(table: Table): number {
  const split = splitOfPath(table.file.name);
  return split === undefined ? 0 : splitCodes[split];
}

/** Without them a row means nothing; a split, a time or an explicit negative may be missing. */
function requiredColumns({ columns }: Mapping): string[] {
  const { split: _split, time: _time, negatives: _negatives, ...required } = columns;
  return Object.values(required).flat();
}

function groupByColumns(tables: readonly Table[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const table of tables) {
    const key = JSON.stringify([...table.columns].sort());
    const group = groups.get(key) ?? { columns: table.columns, tables: [], bytes: 0 };
    group.tables.push(table);
    group.bytes += table.file.bytes;
    groups.set(key, group);
  }
  return groups.values();
}

/** Rows of all tables of a group, in the column order of the first. */
function sampleOf(group: Group): (readonly Cell[])[] {
  const perTable = Math.max(50, Math.ceil(2000 / group.tables.length));
  return group.tables.flatMap((table) => {
    const order = group.columns.map((name) => table.columns.indexOf(name));
    return table.sample.slice(0, perTable).map((row) => order.map((index) => row[index] ?? null));
  });
}
