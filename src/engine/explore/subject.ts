import type { RunFolder } from '../run/folder';
import { answerRows } from './candidates';
import { EmbeddingStore } from './embedding-store';
import { ItemTable } from './item-table';
import type { OnProgress } from './long';
import { Once } from './once';
import { QueryModel } from './query-model';
import { ShownLabels } from './shown-labels';
import { readTogether, type Together } from './together';

/** One run with what every question about it needs. */
export class Subject {
  readonly labels: ShownLabels;
  private readonly relations = new Once<Together>(() => readTogether(this.run, this.items));

  private constructor(
    readonly run: RunFolder,
    readonly items: ItemTable,
    /** Rows that are answers, ascending. */
    readonly answers: Int32Array,
    readonly store: EmbeddingStore,
    readonly model: QueryModel,
  ) {
    this.labels = new ShownLabels(items);
  }

  /**
   * @param onProgress told how far the reading of the items is
   * @throws UserError where they cannot be read.
   */
  static async of(run: RunFolder, onProgress?: OnProgress): Promise<Subject> {
    const items = await ItemTable.read(run, onProgress && { onProgress });
    const store = new EmbeddingStore(run, items.count);
    return new Subject(run, items, answerRows(items), store, new QueryModel(run, items, store));
  }

  /** What belongs together; read once. @throws UserError where the run does not say. */
  together(): Promise<Together> {
    return this.relations.get();
  }

  dispose(): void {
    this.model.dispose();
  }
}
