import type { ColumnMapping } from '../../protocol/dataset';
import { Float32Column, Int32Column } from './growable';
import { LabelSet } from './interner';
import type { ProblemLog } from './problems';
import type { Built, Origin } from './raw';
import { RowColumns } from './row-columns';
import { type Cell, cellNumber, cellText, isNumberList } from './table';

/** Turns rows of numbers, or a column of number lists, into items; every row is one. */
export class VectorBuilder {
  private readonly data = new Float32Column();
  private readonly labels = new LabelSet();
  private readonly label = new Int32Column();
  private readonly rows = new RowColumns();
  private readonly names: readonly string[];
  private width = 0;

  constructor(
    private readonly columns: ColumnMapping,
    private readonly log: ProblemLog,
  ) {
    this.names = columns.vector ?? [];
  }

  add(cell: (name: string | undefined) => Cell, origin: Origin, line: number): void {
    const only = this.names.length === 1 ? cell(this.names[0]) : null;
    const vector = isNumberList(only) ? Float32Array.from(only) : this.fromCells(cell);
    const bad = vector.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const column = this.names[bad] ?? this.names[0];
      const message = (): string =>
        `rows with an empty cell or one that is no finite number are left out: ${origin.name}, line ${line}, column "${column}"${isNumberList(only) ? '' : `, "${cellText(cell(column))}"`}`;
      this.log.add('warning', 'not-a-number', message, { file: origin.name, line });
      return;
    }
    if (this.width === 0) this.width = vector.length;
    if (vector.length !== this.width) {
      const message = (): string =>
        `rows of another width are left out: ${origin.name}, line ${line} has ${vector.length} numbers, the first row has ${this.width}`;
      this.log.add('warning', 'ragged-row', message, { file: origin.name, line });
      return;
    }
    let label = -1;
    if (this.columns.label !== undefined) {
      const name = cellText(cell(this.columns.label)).trim();
      if (name === '') {
        const message = (): string => `rows without a label are left out: ${origin.name}, line ${line}`;
        this.log.add('warning', 'empty-cells', message, { file: origin.name, line });
        return;
      }
      label = this.labels.add(name);
    }
    this.rows.add(this.label.length, origin, line);
    this.data.append(vector);
    this.label.push(label);
  }

  finish(): Built {
    const rows = this.rows.finish('members');
    const count = this.label.length;
    return {
      layout: this.columns.label === undefined ? 'vectors' : 'labelled-vectors',
      labels: this.labels.names,
      items: {
        kind: 'vector',
        count,
        content: new Array<string>(count).fill(''),
        vectors: { data: this.data.view(), width: this.width },
        label: this.label.view(),
        file: rows.file,
        line: rows.line,
      },
      rows,
    };
  }

  private fromCells(cell: (name: string) => Cell): Float32Array {
    const vector = new Float32Array(this.names.length);
    this.names.forEach((name, i) => {
      vector[i] = cellNumber(cell(name));
    });
    return vector;
  }
}
