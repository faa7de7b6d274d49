import { splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import { adjacency, type KnownPositives } from '../data/positives';
import { positivePairs } from '../data/scores';
import { append, concat } from '../lists';
import type { RunFolder } from '../run/folder';
import { readRelations } from '../run/relations-file';
import type { ItemTable } from './item-table';

/** Which items of a run belong together: by pairs of rows, by labels, or by nothing but views of themselves. */
export type Together =
  | { readonly by: 'pairs'; readonly known: KnownPositives }
  | { readonly by: 'labels'; readonly members: ReadonlyMap<number, readonly number[]> }
  | { readonly by: 'views' };

/** @throws UserError `no-relations` for runs of version 0.1.0, which did not keep the pairs. */
export async function readTogether(run: RunFolder, items: ItemTable): Promise<Together> {
  const { layout } = run.record.dataset;
  switch (layout) {
    case 'pairs':
    case 'triplets':
    case 'scored-pairs':
    case 'interactions':
      return await byPairs(run, items);
    case 'labelled-texts':
    case 'labelled-images':
    case 'labelled-vectors':
      return byLabels(items);
    case 'images':
    case 'vectors':
      return { by: 'views' };
  }
}

async function byPairs(run: RunFolder, items: ItemTable): Promise<Together> {
  const relations = await readRelations(run.path, items.count);
  if (relations === undefined)
    throw new UserError(
      'no-relations',
      `run ${run.id} was made by an earlier version, which did not keep what belongs together: train again to see its pairs`,
      { file: run.path },
    );
  const pairs = splitNames.map((name) => positivePairs(relations, name));
  const column = (name: 'anchor' | 'positive'): Int32Array => concat(pairs.map((split) => split[name]));
  return { by: 'pairs', known: adjacency(items.count, column('anchor'), column('positive')) };
}

function byLabels({ label }: ItemTable): Together {
  const members = new Map<number, number[]>();
  for (const [row, own] of label.entries()) if (own >= 0) append(members, own, row);
  return { by: 'labels', members };
}
