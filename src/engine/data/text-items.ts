import { UserError } from '../../protocol/errors';
import type { DatasetConfig } from './config';
import type { Dataset } from './dataset';
import { openOneColumn } from './delimited';
import { Interner } from './interner';
import { columnsFor } from './names';
import { ProblemLog } from './problems';
import { profileColumn } from './profile';
import { cellText, type Table } from './table';
import { openTable } from './tables';
import { type DataFile, walk } from './walk';

/** Texts for a model to embed need no partner: one column of any table is enough, equal texts are one item. */
export async function readTextItems(
  given: string,
  config: DatasetConfig,
  signal?: AbortSignal,
): Promise<Dataset> {
  const log = new ProblemLog();
  const found = await walk(given, log, signal);
  const texts = new Interner();
  const files: string[] = [];
  for (const file of found.files) {
    if (file.format === 'image' || file.format === 'npy') continue;
    const table = await openAnyTable(file);
    const name = textColumn(table, config);
    const index = table.columns.indexOf(name);
    const number = files.push(file.name) - 1;
    await table.read({ log, signal, advance: () => {}, digests: new Map() }, (cells, line) => {
      const text = cellText(cells[index]);
      if (text.trim() !== '') {
        texts.add(text, number, line);
        return;
      }
      const message = (): string => `rows without text are left out: ${file.name}, line ${line}`;
      log.add('warning', 'empty-cells', message, { file: file.name, line });
    });
  }
  if (texts.texts.length === 0) throw new UserError('no-texts', `${given} holds no text`, { file: given });
  return {
    root: found.root,
    layout: 'pairs',
    items: texts.items(),
    labels: [],
    files,
    splits: new Map(),
    columns: {},
    problems: log.list(),
    fingerprint: '',
  };
}

async function openAnyTable(file: DataFile): Promise<Table> {
  const table = await openTable(file);
  if (typeof table !== 'string') return table;
  if (file.format === 'delimited') return await openOneColumn(file);
  throw new UserError('no-usable-column', `${file.name} ${table}`, { file: file.name });
}

/** The column of the texts: as the config says, by its name, or the only one that holds texts. */
function textColumn({ file, columns, sample }: Table, config: DatasetConfig): string {
  const [only, ...others] = columns;
  if (only !== undefined && others.length === 0) return only;
  const wordy = columns.filter((name, i) => profileColumn(name, sample, i).content === 'text');
  const wanted =
    config.columns?.text ?? columnsFor('text', columns)[0] ?? (wordy.length === 1 ? wordy[0] : '');
  if (wanted !== undefined && columns.includes(wanted)) return wanted;
  const known = columns.map((name) => `"${name}"`).join(', ');
  const message = `${file.name}: cannot tell which column holds the texts (${known}); name it in infonce.json, as {"columns": {"text": "…"}}`;
  throw new UserError('ambiguous-columns', message, { file: file.name });
}
