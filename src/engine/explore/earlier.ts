import { UserError } from '../../protocol/errors';
import type { NeighbourQuery, Query } from '../../protocol/explore';
import { type Embeddings, positionOf } from './embeddings';
import { type Asked, ask, type Neighbour, nearest } from './search';
import type { Subject } from './subject';

/** The same query at another place. */
export interface Earlier {
  /** The candidates, of the present look, that both places have; absent where nothing is compared. */
  readonly candidates?: Int32Array;
  /** The list there, by rows of this run. */
  readonly rows?: readonly Neighbour[];
  readonly notes: readonly string[];
}

type Since = NonNullable<NeighbourQuery['since']>;

/**
 * Asks the same at another position of the run, or of another run's trained model, whose items are matched by their ids.
 * Both lists are taken among the items that both places have: an item that one of them did not keep has not left.
 */
export async function earlier(
  subject: Subject,
  now: Asked,
  candidates: Int32Array,
  { query, k, since }: { readonly query: Query; readonly k: number; readonly since: Since },
  other: (run: string) => Promise<Subject>,
): Promise<Earlier> {
  if ('run' in since) {
    const there = await other(since.run);
    const rowThere = await matching(subject, there);
    if ('row' in query && rowThere(query.row) < 0) {
      const { id } = await subject.items.row(query.row);
      throw new UserError(
        'no-such-item',
        `run ${there.run.id} has no item "${id}": compare with another run`,
      );
    }
    const asked = await ask(there, 'row' in query ? { row: rowThere(query.row) } : query, 'final');
    return compare(now, candidates, asked, k, rowThere);
  }
  if (!('row' in query))
    return {
      notes: ['what is no item is known to one model only, so there is no earlier list to compare with'],
    };
  return compare(now, candidates, await ask(subject, query, since.at), k, (row) => row);
}

function compare(
  now: Asked,
  candidates: Int32Array,
  then: Asked,
  k: number,
  rowThere: (row: number) => number,
): Earlier {
  const shared: number[] = [];
  const there: number[] = [];
  const rowHere = new Map<number, number>();
  for (const position of candidates) {
    const row = now.embeddings.rows[position] as number;
    const at = positionThere(then.embeddings, rowThere(row));
    if (at < 0) continue;
    shared.push(position);
    there.push(at);
    rowHere.set(then.embeddings.rows[at] as number, row);
  }
  const list = nearest(then, Int32Array.from(there), k);
  return {
    candidates: Int32Array.from(shared),
    rows: list.map(({ rank, row, similarity }) => ({ rank, row: rowHere.get(row) as number, similarity })),
    notes: [`the earlier list is from ${then.source}`],
  };
}

function positionThere(embeddings: Embeddings, row: number): number {
  return row < 0 ? -1 : positionOf(embeddings, row);
}

/** Rows of another run by rows of this one, -1 for items that it does not have. */
async function matching(here: Subject, there: Subject): Promise<(row: number) => number> {
  const [ids, others] = await Promise.all([here.items.byId(), there.items.byId()]);
  const rows = new Int32Array(here.items.count).fill(-1);
  for (const [id, row] of ids) rows[row] = others.get(id) ?? -1;
  return (row) => rows[row] as number;
}
