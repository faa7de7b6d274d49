import { UserError } from '../../../protocol/errors';
import {
  type MapAnswer,
  type MapMethod,
  type MapPoints,
  type MapQuery,
  mapPointsLimit,
  noLabel,
  otherLabel,
  type Position,
} from '../../../protocol/explore';
import { type Embeddings, select } from '../embeddings';
import type { Long } from '../long';
import type { Subject } from '../subject';
import { count, integer, sourceName } from '../words';
import { type Axes, fitAxes } from './axes';
import { project } from './project';
import { stratifiedSample } from './sample';
import { type LayOut, umapNeighbours } from './umap';

/** More points than these are not drawn, but a sample of them. */
const pointsAtMost = { pca: 100_000, umap: 5000 } as const;
/** Embeddings that the axes are fitted on. */
const fittedAtMost = 2000;

interface DrawnMap {
  readonly id: number;
  readonly xy: Float32Array;
  readonly rows: Int32Array;
}

interface Fitted {
  readonly axes: Axes;
  /** In words. */
  readonly at: string;
}

/** The maps of one run. Axes are fitted once and kept, so that what moves on the map has moved in training. */
export class Maps {
  private fitted: Fitted | undefined;
  private readonly latest = new Map<MapMethod, DrawnMap>();
  private lastId = 0;

  constructor(
    private readonly subject: Subject,
    private readonly layOut: LayOut,
  ) {}

  /** Draws the items of a position. @throws UserError where the run has nothing there. */
  async map({ at, method, refit }: MapQuery, progress: Long = {}): Promise<MapAnswer> {
    const { items, labels, store } = this.subject;
    const embeddings = await store.at(at);
    const { axes, at: fittedAt } = await this.fit(at, embeddings, refit === true, progress.signal);
    const positions = this.sample(embeddings, pointsAtMost[method]);
    const projected = project(embeddings, positions, axes);
    const pca = method === 'pca';
    const xy = pca
      ? projected.xy
      : await this.layOut(
          {
            data: select(embeddings, positions).data,
            dimensions: embeddings.dimensions,
            start: projected.xy,
            seed: this.seed,
          },
          progress,
        );
    // The page goes on with the map that it has.
    progress.signal?.throwIfAborted();
    const id = ++this.lastId;
    this.latest.set(method, {
      id,
      xy,
      rows: positions.map((position) => embeddings.rows[position] as number),
    });
    return {
      map: id,
      points: positions.length,
      of: items.count,
      ...(pca && { varianceKept: projected.varianceKept }),
      fitted: pca
        ? `principal components of ${fittedAt}`
        : `UMAP of ${count(positions.length, 'item')} (${umapNeighbours} neighbours by cosine), started from principal components`,
      source: sourceName(at, embeddings.rows.length, items.count),
      labels: labels.names,
      labelsOf: labels.count,
    };
  }

  /** @throws UserError when there is a newer map. */
  points(map: number, from: number): MapPoints {
    const drawn = [...this.latest.values()].find(({ id }) => id === map);
    if (drawn === undefined)
      throw new UserError('old-map', `map ${map} has been drawn anew: ask for the map again`);
    const row = drawn.rows.slice(from, from + mapPointsLimit);
    const { labels } = this.subject;
    return {
      xy: drawn.xy.slice(2 * from, 2 * (from + mapPointsLimit)),
      row,
      label: Uint16Array.from(row, (item) => {
        const place = labels.placeOf(item);
        if (place < 0) return noLabel;
        return place < labels.names.length ? place : otherLabel;
      }),
    };
  }

  private async fit(
    at: Position,
    embeddings: Embeddings,
    refit: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Fitted> {
    if (this.fitted === undefined || refit) {
      const from = refit ? at : await this.startingPoint(at);
      const fitting = from === at ? embeddings : await this.subject.store.at(from);
      const sample = this.sample(fitting, fittedAtMost);
      const share =
        sample.length === fitting.rows.length
          ? count(sample.length, 'item')
          : `${integer(sample.length)} of ${count(fitting.rows.length, 'item')}`;
      const where = from === 'final' ? 'the trained model' : `step ${integer(from)}`;
      this.fitted = { axes: await fitAxes(fitting, sample, signal), at: `${where} (${share})` };
    }
    return this.fitted;
  }

  /** Axes are those of the end where the run has one, else of the newest snapshot. */
  private async startingPoint(at: Position): Promise<Position> {
    const { store } = this.subject;
    if (await store.hasFinal()) return 'final';
    return (await store.steps()).at(-1) ?? at;
  }

  private sample({ rows }: Embeddings, limit: number): Int32Array {
    const { label } = this.subject.items;
    return stratifiedSample(rows.length, (at) => label[rows[at] as number] as number, limit, this.seed);
  }

  private get seed(): number {
    return this.subject.run.record.config.seed;
  }
}
