import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type SplitName, splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { Dataset, Items } from '../data/dataset';
import { commitFile } from './files';
import { jsonLine, readLines } from './json';
import { firstIssue } from './record';

/** What an item is to the relations: a document is somebody's positive; `negative` was only ever a negative. */
const roles = ['query', 'document', 'both', 'negative'] as const;
export type ItemRole = (typeof roles)[number];

const itemSchema = z.object({
  id: z.string(),
  /** The text, or the user's or item's id. */
  content: z.exactOptional(z.string()),
  /** An image, relative to the dataset root. */
  path: z.exactOptional(z.string()),
  label: z.exactOptional(z.string()),
  /** The first of train, dev, test that it occurs in. */
  split: z.exactOptional(z.enum(splitNames)),
  /** All of them, only when there are several. */
  splits: z.exactOptional(z.array(z.enum(splitNames))),
  file: z.exactOptional(z.string()),
  line: z.exactOptional(z.int()),
  role: z.exactOptional(z.enum(roles)),
});

/** One line of `items.jsonl`; line `i` is row `i` of `embeddings.safetensors`. */
export type ItemRow = Readonly<z.infer<typeof itemSchema>>;

/** The same from run to run and after rows were added: it depends on the item alone. */
export function itemId(dataset: Dataset, index: number): string {
  const { items } = dataset;
  const content = items.content[index] as string;
  switch (items.kind) {
    case 'text':
      return createHash('sha256').update(content).digest('hex').slice(0, 12);
    case 'image':
      return content;
    case 'id':
      return `${items.side?.[index] === 1 ? 'item' : 'user'}:${content}`;
    case 'vector':
      return `${dataset.files[items.file[index] as number]}:${items.line[index]}`;
  }
}

const isQuery = 1;
const isDocument = 2;
const isNegative = 4;

function mark(flags: Uint8Array, indices: Int32Array, flag: number): void {
  for (const index of indices) if (index >= 0) flags[index] = (flags[index] as number) | flag;
}

function memberships(dataset: Dataset): { roles: Uint8Array; splits: Uint8Array } {
  const roleFlags = new Uint8Array(dataset.items.count);
  const splitFlags = new Uint8Array(dataset.items.count);
  for (const [name, split] of dataset.splits) {
    mark(splitFlags, split.items, 1 << splitNames.indexOf(name));
    if (split.relations.type === 'pairs') {
      mark(roleFlags, split.relations.anchor, isQuery);
      mark(roleFlags, split.relations.positive, isDocument);
      mark(roleFlags, split.relations.negatives, isNegative);
    }
  }
  return { roles: roleFlags, splits: splitFlags };
}

function roleOf(flags: number): ItemRole | undefined {
  if ((flags & (isQuery | isDocument)) === (isQuery | isDocument)) return 'both';
  if ((flags & isQuery) !== 0) return 'query';
  if ((flags & isDocument) !== 0) return 'document';
  return (flags & isNegative) !== 0 ? 'negative' : undefined;
}

function contentOf(items: Items, index: number): Pick<ItemRow, 'content' | 'path'> {
  const content = items.content[index] as string;
  switch (items.kind) {
    case 'text':
    case 'id':
      return { content };
    case 'image':
      return { path: content };
    case 'vector':
      return {};
  }
}

/** Every item of a dataset in its order. */
export function* itemRows(dataset: Dataset): Generator<ItemRow> {
  const { items, labels, files } = dataset;
  const flags = memberships(dataset);
  for (let i = 0; i < items.count; i++) {
    const names: SplitName[] = splitNames.filter(
      (_, bit) => ((flags.splits[i] as number) & (1 << bit)) !== 0,
    );
    const label = labels[items.label[i] as number];
    const role = roleOf(flags.roles[i] as number);
    const file = files[items.file[i] as number];
    const line = items.line[i] as number;
    yield {
      id: itemId(dataset, i),
      ...contentOf(items, i),
      ...(label !== undefined && { label }),
      ...(names[0] !== undefined && { split: names[0] }),
      ...(names.length > 1 && { splits: names }),
      ...(file !== undefined && { file }),
      ...(line > 0 && { line }),
      ...(role !== undefined && { role }),
    };
  }
}

function* encode(rows: Iterable<ItemRow>): Generator<Uint8Array> {
  let text = '';
  for (const row of rows) {
    text += `${jsonLine(row)}\n`;
    if (text.length > 1 << 20) {
      yield Buffer.from(text);
      text = '';
    }
  }
  yield Buffer.from(text);
}

export async function writeItemsFile(file: string, dataset: Dataset): Promise<void> {
  await commitFile(file, encode(itemRows(dataset)));
}

/** One line of the file. @throws UserError `damaged-run` with the line, when it is no item. */
export function parseItem(text: string, file: string, line: number): ItemRow {
  let why: string;
  try {
    const parsed = itemSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    why = firstIssue(parsed.error);
  } catch {
    why = 'not JSON';
  }
  throw new UserError('damaged-run', `${file} is damaged (${why}): restore it, or train again`, {
    file,
    line,
  });
}

/** @throws UserError `damaged-run` with the line that is no item: its rows could no longer be matched to embeddings. */
export async function readItemsFile(file: string): Promise<ItemRow[]> {
  const rows: ItemRow[] = [];
  for await (const { text } of readLines(file)) rows.push(parseItem(text, file, rows.length + 1));
  return rows;
}
