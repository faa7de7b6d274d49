import type { UserError } from '../../protocol/errors';
import type { FileDigest } from './bytes';
import type { ProblemLog } from './problems';
import type { DataFile } from './walk';

/** One value of a table as its format has it; null where there is none. Text formats only have strings. */
export type Cell = string | number | readonly string[] | ArrayLike<number> | null;

/** Called for every row, in order. `line` is the physical 1-based line where the record starts (the row, in binary formats). */
export type RowSink = (cells: readonly Cell[], line: number) => void;

export interface ReadContext {
  readonly log: ProblemLog;
  readonly signal: AbortSignal | undefined;
  /** Called with the bytes (or rows) consumed since the last call. */
  readonly advance: (amount: number) => void;
  /** What is already known of files that were read whole, by name: the fingerprint need not read them again. */
  readonly digests: Map<string, FileDigest>;
}

/** A file of rows and columns whose head has been looked at: what its columns are, without having read it. */
export interface Table {
  readonly file: DataFile;
  readonly columns: readonly string[];
  /** The first rows, for guessing what each column holds. */
  readonly sample: readonly (readonly Cell[])[];
  /** False where the first row is data and the names were made up. */
  readonly header: boolean;
  /** How the file was understood, for the messages: `comma, quoted`, `one object per line`, … */
  readonly dialect: string;
  /** What is wrong within the first rows, so that the sample says little; the reading stops at it. */
  readonly defect?: UserError;
  /** Streams the rows. Cells follow `columns`; a row of another length never gets here. */
  read(context: ReadContext, sink: RowSink): Promise<void>;
}

/** Largest record (line, quoted field, JSON value) that is buffered. */
export const maxRecordBytes = 64 * 1024 * 1024;
/** How much of a file is read to guess its dialect and columns. */
export const headBytes = 1024 * 1024;
/** Rows of the head that are kept as `sample`. */
export const sampleRows = 1000;

/** The cell as text: numbers as JavaScript prints them, lists joined by spaces. */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return String(cell);
  return Array.from(cell as ArrayLike<unknown>, String).join(' ');
}

const numberShape = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The cell as a number; NaN where it is none. Only plain decimal notation counts: no hex, no blanks, no thousands separators. */
export function cellNumber(cell: Cell | undefined): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell !== 'string') return Number.NaN;
  const text = cell.trim();
  return numberShape.test(text) ? Number(text) : Number.NaN;
}

export function isNumberList(cell: Cell | undefined): cell is ArrayLike<number> {
  return typeof cell === 'object' && cell !== null && cell.length > 0 && typeof cell[0] === 'number';
}

/** The texts of a cell: one, or those of a list; blank ones left out. */
export function cellTexts(cell: Cell | undefined): readonly string[] {
  if (typeof cell === 'string') return cell.trim() === '' ? [] : [cell];
  if (cell === null || cell === undefined) return [];
  if (typeof cell === 'number') return [String(cell)];
  return Array.from(cell as ArrayLike<unknown>, String).filter((text) => text.trim() !== '');
}
