import path from 'node:path';
import { UserError } from '../../protocol/errors';
import type {
  ExploreRequests,
  ItemView,
  NeighbourAnswer,
  PairAnswer,
  RunItems,
} from '../../protocol/explore';
import { appendMark, marksFile, readMarks } from '../data/marks';
import { datasetPath } from '../run/data-of-run';
import { RunFolder } from '../run/folder';
import { itemView } from './item-view';
import type { Long, OnProgress } from './long';
import { Maps } from './map/maps';
import { type LayOut, umapLayout } from './map/umap';
import { neighbours } from './neighbours';
import { pairs } from './pairs';
import { Subject } from './subject';

type Params<K extends keyof ExploreRequests> = ExploreRequests[K]['params'];
type Result<K extends keyof ExploreRequests> = Promise<ExploreRequests[K]['result']>;

/** Items that are given at once. */
const itemsAtMost = 200;

/** Answers everything that can be asked about one run. It reads the run folder and writes nothing but marks. */
export class RunExplorer {
  /** Runs that answers were compared with; the last one is kept. */
  private other: Subject | undefined;

  private constructor(
    private readonly subject: Subject,
    private readonly maps: Maps,
  ) {}

  /**
   * @param layOut makes the UMAP layouts, in a thread of its own where one can be had.
   * @param onProgress told how far the reading of the items is.
   * @throws UserError where there is no run, or its items cannot be read.
   */
  static async open(
    folder: string,
    layOut: LayOut = umapLayout,
    onProgress?: OnProgress,
  ): Promise<RunExplorer> {
    const subject = await Subject.of(await RunFolder.open(folder), onProgress);
    return new RunExplorer(subject, new Maps(subject, layOut));
  }

  get folder(): string {
    return this.subject.run.path;
  }

  /** What there is to look at by now. */
  async overview(): Promise<RunItems> {
    const { run, items, labels, store } = this.subject;
    const [snapshots, final] = await Promise.all([store.steps(), store.hasFinal()]);
    return {
      kind: run.record.dataset.kind,
      items: items.count,
      labels: labels.names,
      labelsOf: labels.count,
      snapshots,
      final,
    };
  }

  async neighbours(query: Params<'neighbours'>): Promise<NeighbourAnswer> {
    return await neighbours(this.subject, query, async (run) => await this.otherRun(run));
  }

  async pairs(query: Params<'pairs'>, long?: Long): Promise<PairAnswer> {
    return await pairs(this.subject, query, long);
  }

  async map(query: Params<'map'>, long?: Long): Result<'map'> {
    return await this.maps.map(query, long);
  }

  mapPoints({ map, from }: Params<'mapPoints'>): ExploreRequests['mapPoints']['result'] {
    return this.maps.points(map, from);
  }

  /** @throws UserError for rows that the run does not have, and for too many. */
  async items({ rows }: Params<'items'>): Promise<ItemView[]> {
    if (rows.length > itemsAtMost)
      throw new UserError(
        'too-many-items',
        `${rows.length} items were asked for: ask for ${itemsAtMost} at most`,
      );
    const found = await this.subject.items.rows(rows);
    return found.map((item, i) => itemView(rows[i] as number, item));
  }

  async find({ text, limit }: Params<'find'>, signal?: AbortSignal): Result<'find'> {
    const { items } = this.subject;
    const { rows, found } = await items.find(text, limit, signal);
    const views = await items.rows(rows);
    return { items: views.map((item, i) => itemView(rows[i] as number, item)), found };
  }

  labels({ text, limit }: Params<'labels'>): ExploreRequests['labels']['result'] {
    return this.subject.labels.find(text, limit);
  }

  /** Remembers what the user says of a pair, beside the dataset. @throws UserError when it cannot be written. */
  async mark({ first, second, mark }: Params<'mark'>): Result<'mark'> {
    if (first === second)
      throw new UserError('same-item', 'an item is the same as itself: choose two different items');
    const file = marksFile(datasetPath(this.subject.run));
    const [one, other] = await this.subject.items.rows([first, second]);
    await appendMark(file, { first: one?.id ?? '', second: other?.id ?? '', mark });
    return { file, marks: (await readMarks(file)).list.length };
  }

  dispose(): void {
    this.subject.dispose();
    this.other?.dispose();
  }

  /** @param run its folder, or the id of one beside this run. */
  private async otherRun(run: string): Promise<Subject> {
    const folder = path.isAbsolute(run) ? run : path.join(path.dirname(this.folder), path.basename(run));
    if (this.other?.run.path === folder) return this.other;
    const opened = await Subject.of(await RunFolder.open(folder));
    this.other?.dispose();
    this.other = opened;
    return opened;
  }
}
