import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ItemKind } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { Query } from '../../protocol/explore';
import type { Items } from '../data/dataset';
import { isInside } from '../data/walk';
import type { Model } from '../model/model';
import { stepsIn } from '../run/checkpoints';
import { datasetPath } from '../run/data-of-run';
import type { RunFolder } from '../run/folder';
import type { EmbeddingStore } from './embedding-store';
import type { Embeddings } from './embeddings';
import type { ItemTable } from './item-table';

/** A query that is not an item of the run. */
export type FreeQuery = Exclude<Query, { readonly row: number }>;

/** The model that answers free queries, and the items it has embedded. */
interface Answering {
  readonly model: Model;
  /** The checkpoint that it is from; absent for the trained model. */
  readonly step?: number;
  readonly embeddings: Embeddings;
}

export interface FreeAnswer {
  /** [dimensions], L2-normalised; all 0 where nothing of it is known to the model. */
  readonly query: Float32Array;
  readonly embeddings: Embeddings;
  /** The step of the checkpoint that answers; absent for the trained model. */
  readonly step?: number;
  readonly notes: readonly string[];
}

const takes: Readonly<Record<ItemKind, string>> = {
  text: 'a text, or one of its items',
  image: 'an image, or one of its items',
  vector: 'one of its items',
  id: 'one of its items',
};

/**
 * Embeds what is no item of a run: with the trained model, or, where the run is not that far, with the newest checkpoint,
 * which then embeds the kept items too, so that both are of the same step. TensorFlow is loaded by the first such query.
 */
export class QueryModel {
  private answering: Promise<Answering> | undefined;
  /** Queries take turns: none has its model taken away by the next. */
  private turn: Promise<unknown> = Promise.resolve();
  /** The checkpoint file, or the trained model, that `answering` was made of. */
  private version = '';

  constructor(
    private readonly run: RunFolder,
    private readonly items: ItemTable,
    private readonly store: EmbeddingStore,
  ) {}

  /** @throws UserError where the run takes no such query, has no model yet, or the image cannot be read. */
  async answer(query: FreeQuery): Promise<FreeAnswer> {
    this.requireFit(query);
    const mine = this.turn.then(async () => await this.embed(query));
    this.turn = mine.catch(() => undefined);
    return await mine;
  }

  private async embed(query: FreeQuery): Promise<FreeAnswer> {
    const { loadNative } = await import('../tensorflow/native');
    const backend = await loadNative();
    const { model, step, embeddings } = await this.current();
    const embedded = await model.embedItems(await this.toItems(query));
    return {
      query: embedded,
      embeddings,
      ...(step !== undefined && { step }),
      notes: [
        ...(embedded.every((value) => value === 0)
          ? ['nothing in the query is known to the model, so every similarity is 0']
          : []),
        ...(backend.name === 'javascript'
          ? [`${backend.reason}; the JavaScript backend answers, more slowly (${backend.remedy})`]
          : []),
      ],
    };
  }

  /** Gives the model back, after the query under way. */
  dispose(): void {
    void this.turn.then(() => this.forget());
  }

  private requireFit(query: FreeQuery): void {
    const { id, dataset } = this.run.record;
    const given = 'text' in query ? 'text' : 'image';
    if (dataset.kind !== given)
      throw new UserError(
        'other-kind',
        `run ${id} was trained on ${dataset.kind}s: ask for ${takes[dataset.kind]}, not for ${given === 'text' ? 'a text' : 'an image'}`,
      );
    if ('text' in query && query.text.trim() === '')
      throw new UserError('empty-query', 'the query is empty: give some text');
  }

  private async toItems(query: FreeQuery): Promise<Items> {
    const { imageItems, textItems } = await import('./query-items');
    return 'text' in query
      ? textItems([query.text])
      : await imageItems([query.image], this.run.record.config.image);
  }

  private async current(): Promise<Answering> {
    const version = await this.newest();
    if (version !== this.version || this.answering === undefined) {
      this.forget();
      this.version = version;
      this.answering = version === 'final' ? this.trained() : this.checkpointed();
      // A failure is not kept: the files may be there the next time.
      this.answering.catch(() => {
        if (this.version === version) this.answering = undefined;
      });
    }
    return await this.answering;
  }

  private async newest(): Promise<string> {
    if (await this.store.hasFinal()) return 'final';
    const [newest] = await stepsIn(path.join(this.run.path, 'checkpoints'));
    return `checkpoint ${newest?.step ?? 'none'}`;
  }

  private forget(): void {
    this.answering?.then(({ model }) => model.dispose()).catch(() => undefined);
    this.answering = undefined;
  }

  private async trained(): Promise<Answering> {
    const { openModel } = await import('../model/open');
    const embeddings = await this.store.at('final');
    return { model: this.checked(await openModel(this.run), embeddings), embeddings };
  }

  private checked(model: Model, { dimensions }: Embeddings): Model {
    if (model.dimensions === dimensions) return model;
    model.dispose();
    const { id, path: file } = this.run;
    throw new UserError(
      'damaged-run',
      `run ${id}: its embeddings are not its model's: restore them, or train again`,
      { file },
    );
  }

  private async checkpointed(): Promise<Answering> {
    const { openCheckpointModel } = await import('../model/open');
    const opened = await openCheckpointModel(this.run);
    const [first] = await this.store.steps();
    if (opened === undefined || first === undefined) throw await this.noModelYet();
    const { model, step } = opened;
    try {
      const { rows } = await this.store.at(first);
      const data = await model.embedItems(await this.itemsAt(rows));
      return { model, step, embeddings: { rows, data, dimensions: model.dimensions } };
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  private async noModelYet(): Promise<UserError> {
    const state = await this.run.state();
    return new UserError(
      'no-model',
      state === 'running'
        ? `run ${this.run.id} has no model yet: the first checkpoint comes about ten seconds into its training; until then, ask for one of its items`
        : `run ${this.run.id} (${state}) has no model: it ended before its first checkpoint; ask for one of its items, or resume it`,
    );
  }

  /** Items of the dataset as they are now. @throws UserError where an image is gone. */
  private async itemsAt(rows: Int32Array): Promise<Items> {
    const { imageItems, textItems } = await import('./query-items');
    const items = await this.items.rows(rows);
    if (this.run.record.dataset.kind === 'text') return textItems(items.map(({ content }) => content ?? ''));
    const root = await datasetRoot(this.run);
    const files = items.map(({ path: image }) => path.join(root, image ?? ''));
    for (const file of files) await requireInside(root, file);
    return await imageItems(files, this.run.record.config.image);
  }
}

/** The folder that the paths of a run's images start from. */
async function datasetRoot(run: RunFolder): Promise<string> {
  const given = datasetPath(run);
  const info = await stat(given).catch(() => undefined);
  return await realpath(info?.isFile() === true ? path.dirname(given) : given).catch(() => given);
}

/** A run folder may come from anywhere, and so may the paths in it. @throws UserError for one that leaves the dataset. */
async function requireInside(root: string, file: string): Promise<void> {
  const real = await realpath(file).catch(() => file);
  if (isInside(root, real)) return;
  throw new UserError('outside-dataset', `${file} lies outside the dataset ${root}: it is not read`, {
    file,
  });
}
