import type {
  ItemView,
  NeighbourAnswer,
  NeighbourRow,
  PairAnswer,
  PairKind,
  PairRow,
} from '../../protocol/explore';
import type { Answer } from './answer';
import type { SourceOf } from './sources';

function itemAnswer(item: ItemView, sourceOf: SourceOf): Answer {
  const { row, id, content, label, split } = item;
  const source = sourceOf(item);
  return {
    row,
    id,
    ...(content !== undefined && { text: content }),
    ...(label !== undefined && { label }),
    ...(split !== undefined && { split }),
    ...(source !== undefined && { source }),
  };
}

/** Neighbours as a model reads them. */
export function neighboursAnswer(run: string, answer: NeighbourAnswer, sourceOf: SourceOf): Answer {
  const { query, rows, source, searched, of, note } = answer;
  return {
    run,
    ...(query && { query: itemAnswer(query, sourceOf) }),
    answeredBy: source,
    searched,
    of,
    ...(note !== undefined && { note }),
    neighbours: rows.map((row) => neighbourAnswer(row, sourceOf)),
  };
}

function neighbourAnswer({ rank, similarity, ...item }: NeighbourRow, sourceOf: SourceOf): Answer {
  return { rank, similarity, ...itemAnswer(item, sourceOf) };
}

function pairAnswer({ first, second, similarity, mark, reason }: PairRow, sourceOf: SourceOf): Answer {
  return {
    similarity,
    ...(reason !== undefined && { reason }),
    ...(mark !== undefined && { userSays: mark }),
    first: itemAnswer(first, sourceOf),
    second: itemAnswer(second, sourceOf),
  };
}

/** Those beyond have a pair or two each. */
const labelPairsAtMost = 40;

/** Two labels whose items are in pairs that deserve a look. */
interface LabelPair {
  readonly labels: readonly [string, string];
  readonly pairs: number;
  /** Of the most alike, or, of positives, the least alike pair. */
  readonly mostStriking: number;
  readonly aboveMedianOfPositives: number;
}

/**
 * Pairs that deserve a look, and which labels they have.
 * @param limit pairs that are shown
 * @param answer the most striking pairs, more than are shown: labels are counted over all of them
 */
export function confusionsAnswer(
  run: string,
  kind: PairKind,
  limit: number,
  answer: PairAnswer,
  sourceOf: SourceOf,
): Answer {
  const { rows, found, source, searched, of, positivesMedian } = answer;
  const labels = labelPairs(answer);
  return {
    run,
    kind,
    answeredBy: source,
    queriesSearched: searched,
    ofQueries: of,
    ...(positivesMedian !== undefined && { medianSimilarityOfPositives: positivesMedian }),
    pairsFound: found,
    labelsCountedOver: rows.length,
    labelPairs: labels.length,
    labels: labels.slice(0, labelPairsAtMost),
    pairs: rows.slice(0, limit).map((pair) => pairAnswer(pair, sourceOf)),
  };
}

/** The pairs of labels, most pairs first; none where the items have no labels. */
function labelPairs({ rows, positivesMedian }: PairAnswer): LabelPair[] {
  const counted = new Map<string, LabelPair>();
  for (const { first, second, similarity } of rows) {
    if (first.label === undefined || second.label === undefined) continue;
    const [one, other] = [first.label, second.label].sort() as [string, string];
    const key = JSON.stringify([one, other]);
    const known = counted.get(key);
    const alike = positivesMedian !== undefined && similarity > positivesMedian;
    counted.set(key, {
      labels: [one, other],
      pairs: (known?.pairs ?? 0) + 1,
      mostStriking: known?.mostStriking ?? similarity,
      aboveMedianOfPositives: (known?.aboveMedianOfPositives ?? 0) + Number(alike),
    });
  }
  return [...counted.values()].sort((a, b) => b.pairs - a.pairs);
}
