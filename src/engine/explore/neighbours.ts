import { UserError } from '../../protocol/errors';
import type { NeighbourAnswer, NeighbourQuery, NeighbourRow } from '../../protocol/explore';
import { type Earlier, earlier } from './earlier';
import { itemView } from './item-view';
import { ask, candidatesOf, type Neighbour, nearest } from './search';
import type { Subject } from './subject';
import { count, integer } from './words';

/**
 * Who is nearest to an item, a text or an image, and what has changed since another look.
 * @param other opens another run that the answer is compared with.
 * @throws UserError where the query cannot be answered.
 */
export async function neighbours(
  subject: Subject,
  { query, k, at, label, split, since }: NeighbourQuery,
  other: (run: string) => Promise<Subject>,
): Promise<NeighbourAnswer> {
  const asked = await ask(subject, query, at);
  const candidates = candidatesOf(subject, asked, { label: labelName(subject, label), split });
  const before = since && (await earlier(subject, asked, candidates, { query, k, since }, other));
  const now = nearest(asked, before?.candidates ?? candidates, k);
  const notes = [...asked.notes, ...(before?.notes ?? []), ...lessThanAll(before, candidates.length)];
  return {
    ...('row' in query && { query: itemView(query.row, await subject.items.row(query.row)) }),
    rows: await views(subject, now, before?.rows),
    ...(before?.rows && { left: await views(subject, missing(before.rows, now)) }),
    source: asked.source,
    searched: (before?.candidates ?? candidates).length,
    of: subject.answers.length,
    ...(notes.length > 0 && { note: sentences(notes) }),
  };
}

function labelName({ labels }: Subject, label: NeighbourQuery['label']): string | undefined {
  if (typeof label !== 'number') return label;
  const name = labels.nameAt(label);
  if (name !== undefined) return name;
  throw new UserError(
    'no-such-label',
    `the run has no label ${label}: it has ${count(labels.count, 'label')}`,
  );
}

function lessThanAll(before: Earlier | undefined, candidates: number): string[] {
  if (before?.candidates === undefined || before.candidates.length === candidates) return [];
  return [
    `compared among the ${count(before.candidates.length, 'item')} of ${integer(candidates)} that both have`,
  ];
}

/** Those of the first list that are not in the second. */
function missing(list: readonly Neighbour[], other: readonly Neighbour[]): Neighbour[] {
  const rows = new Set(other.map(({ row }) => row));
  return list.filter(({ row }) => !rows.has(row));
}

async function views(
  { items }: Subject,
  list: readonly Neighbour[],
  before?: readonly Neighbour[],
): Promise<NeighbourRow[]> {
  const known = before && new Set(before.map(({ row }) => row));
  const found = await items.rows(list.map(({ row }) => row));
  return list.map(({ rank, row, similarity }, i) => ({
    ...itemView(row, found[i] as (typeof found)[number]),
    rank,
    similarity,
    ...(known && { entered: !known.has(row) }),
  }));
}

function sentences(notes: readonly string[]): string {
  return notes.map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`).join(' ');
}
