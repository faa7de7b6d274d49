import type { RunFolder } from '../run/folder';
import { answerRows } from './candidates';
import { EmbeddingStore } from './embedding-store';
import { ItemTable } from './item-table';
import { Once } from './once';
import { QueryModel } from './query-model';
import { readTogether, type Together } from './together';

/** One run with what every question about it needs. */
export class Subject {
  private readonly relations = new Once<Together>(() => readTogether(this.run, this.items));

  private constructor(
    readonly run: RunFolder,
    readonly items: ItemTable,
    /** Rows that are answers, ascending. */
    readonly answers: Int32Array,
    readonly store: EmbeddingStore,
    readonly model: QueryModel,
  ) {}

  /** @throws UserError where the items of the run cannot be read. */
  static async of(run: RunFolder): Promise<Subject> {
    const items = await ItemTable.read(run);
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
