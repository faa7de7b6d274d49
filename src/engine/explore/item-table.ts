import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { type SplitName, splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import { fileError } from '../run/files';
import type { RunFolder } from '../run/folder';
import { type ItemRow, parseItem } from '../run/items-file';
import { readLines } from '../run/json';
import { Slices } from '../slices';
import type { Long } from './long';
import { Once } from './once';

/** Items found by their words. */
export interface Found {
  /** The first of them, in their order. */
  readonly rows: readonly number[];
  /** All of them. */
  readonly found: number;
}

/** Bytes of a line that is read in one go; no item that was written by us comes near it. */
const longestLine = 64 * 1024 * 1024;

/**
 * A run's `items.jsonl`: what look-ups filter by in columns, everything else read from the file when it is asked for, so that
 * a million items are a few arrays.
 */
export class ItemTable {
  private readonly rowById = new Once(() => this.readIds());

  private constructor(
    private readonly file: string,
    /** Byte offset of each line, and the end of the last one. */
    private readonly starts: Float64Array,
    readonly labels: readonly string[],
    /** Index into `labels`, -1 for none. */
    readonly label: Int32Array,
    /** Bit `i`: it occurs in `splitNames[i]`. */
    private readonly splits: Uint8Array,
    /** `asks`, `answers`, or both. */
    private readonly roles: Uint8Array,
  ) {}

  /** @throws UserError `damaged-run` with the line that is no item. */
  static async read({ path: folder }: RunFolder, { signal, onProgress }: Long = {}): Promise<ItemTable> {
    const file = path.join(folder, 'items.jsonl');
    const starts: number[] = [];
    const label: number[] = [];
    const splits: number[] = [];
    const roles: number[] = [];
    const codes = new Map<string, number>();
    const slices = new Slices(signal);
    const total = (await stat(file).catch(() => undefined))?.size ?? 0;
    let at = 0;
    for await (const { text, complete } of readLines(file)) {
      const item = parseItem(text, file, starts.length + 1);
      starts.push(at);
      at += Buffer.byteLength(text) + (complete ? 1 : 0);
      label.push(item.label === undefined ? -1 : codeOf(codes, item.label));
      splits.push(splitBits(item));
      roles.push(roleBits(item));
      onProgress?.(at, total);
      await slices.pause();
    }
    starts.push(at);
    return new ItemTable(
      file,
      Float64Array.from(starts),
      [...codes.keys()],
      Int32Array.from(label),
      Uint8Array.from(splits),
      Uint8Array.from(roles),
    );
  }

  get count(): number {
    return this.label.length;
  }

  isIn(row: number, split: SplitName): boolean {
    return ((this.splits[row] as number) & (1 << splitNames.indexOf(split))) !== 0;
  }

  /** Whether it is somebody's positive. */
  isDocument(row: number): boolean {
    return ((this.roles[row] as number) & answers) !== 0;
  }

  isQuery(row: number): boolean {
    return ((this.roles[row] as number) & asks) !== 0;
  }

  /** Items by their rows, in that order. @throws UserError when there is no such row, or the file has changed since. */
  async rows(rows: Iterable<number>): Promise<ItemRow[]> {
    const handle = await open(this.file, 'r').catch((error: unknown) => {
      throw fileError(error, 'read', this.file);
    });
    try {
      const items: ItemRow[] = [];
      for (const row of rows) {
        const start = this.starts[row];
        const end = this.starts[row + 1];
        if (start === undefined || end === undefined) throw this.noRow(row);
        if (end - start > longestLine) throw this.tooLong(row);
        const { buffer, bytesRead } = await handle.read({
          buffer: Buffer.alloc(end - start),
          position: start,
        });
        items.push(parseItem(buffer.toString('utf8', 0, bytesRead), this.file, row + 1));
      }
      return items;
    } finally {
      await handle.close();
    }
  }

  async row(row: number): Promise<ItemRow> {
    const [item] = await this.rows([row]);
    return item as ItemRow;
  }

  /** @throws UserError with what ids look like, when no item has this one. */
  async rowOf(id: string): Promise<number> {
    const row = (await this.byId()).get(id);
    if (row !== undefined) return row;
    const first = this.count === 0 ? '' : `, the first is "${(await this.row(0)).id}"`;
    throw new UserError(
      'no-such-item',
      `no item has the id "${id}"; ids stand in items.jsonl of the run${first}`,
    );
  }

  /** Row of each id; of two equal ids the first. */
  byId(): Promise<ReadonlyMap<string, number>> {
    return this.rowById.get();
  }

  private async readIds(): Promise<ReadonlyMap<string, number>> {
    const rows = new Map<string, number>();
    let row = 0;
    const slices = new Slices();
    for await (const { text } of readLines(this.file)) {
      const { id } = parseItem(text, this.file, row + 1);
      if (!rows.has(id)) rows.set(id, row);
      row++;
      await slices.pause();
    }
    return rows;
  }

  /** Items that mention the words, whatever their case. */
  async find(words: string, limit: number, signal?: AbortSignal): Promise<Found> {
    const wanted = words.trim().toLowerCase();
    if (wanted === '') return { rows: [], found: 0 };
    // Most lines are ruled out before they are parsed: in the file, the words stand as JSON has them.
    const written = JSON.stringify(wanted).slice(1, -1);
    const rows: number[] = [];
    let found = 0;
    let row = -1;
    const slices = new Slices(signal);
    for await (const { text } of readLines(this.file)) {
      row++;
      await slices.pause();
      if (!text.toLowerCase().includes(written)) continue;
      if (!mentions(parseItem(text, this.file, row + 1), wanted)) continue;
      found++;
      if (rows.length < limit) rows.push(row);
    }
    return { rows, found };
  }

  private tooLong(row: number): UserError {
    const { file } = this;
    return new UserError(
      'damaged-run',
      `${file} is damaged (longer than 64 MiB): restore it, or train again`,
      {
        file,
        line: row + 1,
      },
    );
  }

  private noRow(row: number): UserError {
    return new UserError('no-such-item', `there is no row ${row}: the run has ${this.count} items`);
  }
}

function codeOf(codes: Map<string, number>, label: string): number {
  const known = codes.get(label);
  if (known !== undefined) return known;
  codes.set(label, codes.size);
  return codes.size - 1;
}

/** An id that is no more than a hash of the text is meant whole: parts of it are in nobody's mind. */
function mentions({ id, content, path: image }: ItemRow, wanted: string): boolean {
  const shown = content ?? image ?? id;
  return id.toLowerCase() === wanted || shown.toLowerCase().includes(wanted);
}

const asks = 1;
const answers = 2;

function roleBits({ role }: ItemRow): number {
  return (
    (role === 'query' || role === 'both' ? asks : 0) | (role === 'document' || role === 'both' ? answers : 0)
  );
}

function splitBits({ split, splits }: ItemRow): number {
  const names = splits ?? (split === undefined ? [] : [split]);
  return names.reduce((bits, name) => bits | (1 << splitNames.indexOf(name)), 0);
}
