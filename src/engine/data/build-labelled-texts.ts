import type { ColumnMapping } from '../../protocol/dataset';
import { Int32Column } from './growable';
import { Interner, LabelSet } from './interner';
import type { ProblemLog } from './problems';
import { shorten } from './profile';
import type { Built, Origin } from './raw';
import { RowColumns } from './row-columns';
import { type Cell, cellText } from './table';

/** Turns rows of text and label into items. A text that comes again is the same item; its first label counts. */
export class LabelledTextBuilder {
  private readonly texts = new Interner();
  private readonly labels = new LabelSet();
  private readonly label = new Int32Column();
  private readonly rows = new RowColumns();

  constructor(
    private readonly columns: ColumnMapping,
    private readonly log: ProblemLog,
  ) {}

  add(cell: (name: string | undefined) => Cell, origin: Origin, line: number): void {
    const text = cellText(cell(this.columns.text));
    const name = cellText(cell(this.columns.label)).trim();
    if (text.trim() === '' || name === '') {
      const column = name === '' ? this.columns.label : this.columns.text;
      const message = (): string =>
        `rows with an empty cell are left out: ${origin.name}, line ${line}, column "${column}"`;
      this.log.add('warning', 'empty-cells', message, { file: origin.name, line });
      return;
    }
    const label = this.labels.add(name);
    const item = this.texts.add(text, origin.file, line);
    if (item === this.label.length) this.label.push(label);
    const kept = this.label.view()[item] as number;
    if (kept !== label) {
      const message = (): string =>
        `one text, two labels: "${shorten(text)}" is "${this.labels.names[kept]}" first and "${name}" at line ${line} of ${origin.name}; the first counts`;
      this.log.add('warning', 'label-conflict', message, { file: origin.name, line });
    }
    this.rows.add(item, origin, line);
  }

  finish(): Built {
    return {
      layout: 'labelled-texts',
      labels: this.labels.names,
      items: {
        kind: 'text',
        count: this.texts.texts.length,
        content: this.texts.texts,
        label: this.label.view(),
        file: this.texts.file.view(),
        line: this.texts.line.view(),
      },
      rows: this.rows.finish('members'),
    };
  }
}
