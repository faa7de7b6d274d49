import { UserError } from '../../protocol/errors';
import type { Position, Query } from '../../protocol/explore';
import { candidatePositions, type Filter } from './candidates';
import { type Embeddings, embeddingAt, positionOf } from './embeddings';
import { Scanner } from './scan';
import type { Subject } from './subject';
import { integer, sourceName } from './words';

/** A query where it can be compared with items: as an embedding beside theirs. */
export interface Asked {
  readonly embeddings: Embeddings;
  /** [dimensions], L2-normalised. */
  readonly vector: Float32Array;
  /** Position of the query among the embeddings, -1 where it is none of them. */
  readonly self: number;
  readonly source: string;
  readonly notes: readonly string[];
}

export interface Neighbour {
  /** 1-based. */
  readonly rank: number;
  readonly row: number;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** @throws UserError where the query cannot be answered there. */
export async function ask(subject: Subject, query: Query, at: Position): Promise<Asked> {
  return 'row' in query ? await askItem(subject, query.row, at) : await askFreely(subject, query, at);
}

async function askItem({ items, store }: Subject, row: number, at: Position): Promise<Asked> {
  const embeddings = await store.at(at);
  const self = positionOf(embeddings, row);
  const source = sourceName(at, embeddings.rows.length, items.count);
  if (self < 0) {
    const { id } = await items.row(row);
    throw new UserError(
      'not-kept',
      `item "${id}" is not among those kept at ${source}: look at it in the trained model, or choose one that is kept`,
    );
  }
  return { embeddings, vector: embeddingAt(embeddings, self), self, source, notes: [] };
}

async function askFreely(
  { items, model }: Subject,
  query: Exclude<Query, { readonly row: number }>,
  at: Position,
): Promise<Asked> {
  const { query: vector, embeddings, step, notes } = await model.answer(query);
  const kept = embeddings.rows.length;
  const trained = step === undefined;
  const elsewhere = trained ? at !== 'final' : at !== step;
  const answering = trained
    ? 'the trained model'
    : `the model at step ${integer(step)}, its newest checkpoint`;
  const wanted = at === 'final' ? 'the trained model' : `step ${integer(at)}`;
  return {
    embeddings,
    vector,
    self: -1,
    source: sourceName(step ?? 'final', kept, items.count),
    notes: elsewhere ? [...notes, `what is no item is answered by ${answering}, not by ${wanted}`] : notes,
  };
}

/** Positions of the candidates of a query among its embeddings. @throws UserError when no item has the label. */
export function candidatesOf({ items, answers }: Subject, asked: Asked, filter: Filter = {}): Int32Array {
  return candidatePositions(items, answers, asked.embeddings, filter);
}

/** The `k` candidates nearest to what was asked, best first, equal ones in the order of the items. */
export function nearest(
  { embeddings, vector, self }: Asked,
  candidates: Int32Array,
  k: number,
): readonly Neighbour[] {
  const { positions, similarities } = new Scanner(embeddings, candidates).nearest(vector, k, self);
  return Array.from(positions, (position, i) => ({
    rank: i + 1,
    row: embeddings.rows[position] as number,
    similarity: similarities[i] as number,
  }));
}
