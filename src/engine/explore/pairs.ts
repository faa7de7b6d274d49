import { UserError } from '../../protocol/errors';
import type { PairAnswer, PairQuery, PairRow } from '../../protocol/explore';
import { marksFile, pairKey, readMarks } from '../data/marks';
import { datasetPath } from '../run/data-of-run';
import type { ItemRow } from '../run/items-file';
import type { Embeddings } from './embeddings';
import { itemView } from './item-view';
import type { Long } from './long';
import {
  leastAlikePositives,
  mostAlikeNegatives,
  type Pair,
  type PairScan,
  positivesMedian,
  type ScanContext,
} from './pair-scan';
import type { Subject } from './subject';
import { sourceName } from './words';

/** Above this cosine two items are taken to be one thing twice. */
const duplicateAbove = 0.99;

/** Scans take seconds, and both lists of negatives come from one; kept as long as the embeddings are. */
const known = {
  positives: new WeakMap<Embeddings, PairScan>(),
  negatives: new WeakMap<Embeddings, PairScan>(),
};

/**
 * The pairs of a run that deserve a look: positives that are least alike, negatives that are most alike, and negatives so
 * alike (above the median of the positives, or nearly equal) that they may belong together.
 * @throws UserError where the run cannot say what belongs together.
 */
export async function pairs(
  subject: Subject,
  { kind, at, limit }: PairQuery,
  { signal, onProgress }: Long = {},
): Promise<PairAnswer> {
  const { run, items, answers, store } = subject;
  const [embeddings, together] = await Promise.all([store.at(at), subject.together()]);
  const context = { items, answers, embeddings, together, seed: run.record.config.seed, signal };
  if (kind === 'hardest-positives' && together.by === 'views')
    throw new UserError(
      'no-positives',
      `the data of run ${run.id} has no labels and no pairs, so the only positives are views of one and the same item: ` +
        'put the items into a folder per class, or give a label column',
    );
  const parts = kind === 'hardest-positives' ? 1 : 2;
  const part = (at: number): ScanContext => ({
    ...context,
    onProgress: (done, total) => onProgress?.(100 * (at + done / Math.max(1, total)), 100 * parts),
  });
  const positives = await remembered(known.positives, part(0), leastAlikePositives);
  const middle = positivesMedian(context, positives);
  const scan =
    kind === 'hardest-positives' ? positives : await remembered(known.negatives, part(1), mostAlikeNegatives);
  const wanted =
    kind === 'false-negatives'
      ? scan.pairs.filter(({ similarity }) => similarity > Math.min(duplicateAbove, middle ?? duplicateAbove))
      : scan.pairs;
  return {
    rows: await pairRows(subject, wanted.slice(0, limit), kind === 'false-negatives'),
    found: wanted.length,
    source: sourceName(at, embeddings.rows.length, items.count),
    searched: scan.searched,
    of: scan.of,
    ...(middle !== undefined && { positivesMedian: middle }),
  };
}

async function remembered(
  scans: WeakMap<Embeddings, PairScan>,
  context: ScanContext,
  scan: (context: ScanContext) => Promise<PairScan>,
): Promise<PairScan> {
  const known = scans.get(context.embeddings);
  if (known) return known;
  const found = await scan(context);
  scans.set(context.embeddings, found);
  return found;
}

async function pairRows(
  { items, run }: Subject,
  list: readonly Pair[],
  suspected: boolean,
): Promise<PairRow[]> {
  const marks = await readMarks(marksFile(datasetPath(run)));
  const said = new Map(marks.list.map(({ first, second, mark }) => [pairKey(first, second), mark]));
  const rows = await items.rows(list.flatMap(({ first, second }) => [first, second]));
  return list.map(({ first, second, similarity }, i): PairRow => {
    const [one, other] = rows.slice(2 * i, 2 * i + 2) as [ItemRow, ItemRow];
    const mark = said.get(pairKey(one.id, other.id));
    return {
      first: itemView(first, one),
      second: itemView(second, other),
      similarity,
      ...(mark !== undefined && { mark }),
      ...(suspected && { reason: similarity > duplicateAbove ? 'duplicate' : 'close' }),
    };
  });
}
