import type { ColumnMapping, Layout } from '../../protocol/dataset';
import { Float32Column, Int32Column } from './growable';
import { Interner } from './interner';
import type { ProblemLog } from './problems';
import type { Built, Origin } from './raw';
import { RowColumns } from './row-columns';
import { type Cell, cellNumber, cellText, cellTexts } from './table';

/** Turns rows of text pairs, triplets and scored pairs into items and relations. */
export class PairBuilder {
  private readonly texts = new Interner();
  private readonly rows = new RowColumns();
  private readonly second = new Int32Column();
  private readonly score = new Float32Column();
  private readonly negatives = new Int32Column();
  private readonly negativesEnd = new Int32Column();
  private mostNegatives = 0;

  constructor(
    private readonly layout: Layout,
    private readonly columns: ColumnMapping,
    private readonly log: ProblemLog,
  ) {}

  add(cell: (name: string | undefined) => Cell, origin: Origin, line: number): void {
    const { columns, log, texts } = this;
    // A list of positives (or of anchors) is as many pairs.
    const anchors = cellTexts(cell(columns.anchor));
    const positives = cellTexts(cell(columns.positive));
    if (anchors.length === 0 || positives.length === 0) {
      const empty = anchors.length === 0 ? columns.anchor : columns.positive;
      const message = (): string =>
        `rows with an empty text are left out: ${origin.name}, line ${line}, column "${empty}"`;
      log.add('warning', 'empty-cells', message, { file: origin.name, line });
      return;
    }
    const score = this.layout === 'scored-pairs' ? Math.fround(cellNumber(cell(columns.score))) : 0;
    if (!Number.isFinite(score)) {
      const message = (): string =>
        `rows whose score is not a number are left out: ${origin.name}, line ${line}, "${cellText(cell(columns.score))}"`;
      log.add('warning', 'bad-score', message, { file: origin.name, line });
      return;
    }
    const negatives = (columns.negatives ?? []).flatMap((name) => cellTexts(cell(name)));
    for (const anchor of anchors) {
      for (const positive of positives) {
        this.rows.add(texts.add(anchor, origin.file, line), origin, line);
        this.second.push(texts.add(positive, origin.file, line));
        this.score.push(score);
        for (const negative of negatives) this.negatives.push(texts.add(negative, origin.file, line));
        this.negativesEnd.push(this.negatives.length);
        this.mostNegatives = Math.max(this.mostNegatives, negatives.length);
      }
    }
  }

  finish(): Built {
    const { texts } = this;
    const type = this.layout === 'scored-pairs' ? 'scored' : 'pairs';
    return {
      layout: this.layout,
      labels: [],
      items: texts.items(),
      rows: this.rows.finish(type, {
        second: this.second.view(),
        ...(type === 'scored' ? { score: this.score.view() } : {}),
        negatives: this.paddedNegatives(),
        negativesPerRow: this.mostNegatives,
      }),
    };
  }

  private paddedNegatives(): Int32Array {
    const width = this.mostNegatives;
    const ends = this.negativesEnd.view();
    const flat = this.negatives.view();
    const padded = new Int32Array(ends.length * width).fill(-1);
    for (let row = 0; row < ends.length; row++) {
      const start = row === 0 ? 0 : (ends[row - 1] as number);
      padded.set(flat.subarray(start, ends[row]), row * width);
    }
    return padded;
  }
}
