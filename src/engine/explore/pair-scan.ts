import { rankTopK } from '../evaluate/metrics/top-k';
import { append } from '../lists';
import { random, shuffle } from '../random';
import { Slices } from '../slices';
import { candidatePositions } from './candidates';
import { type Embeddings, embeddingAt, positionOf, select } from './embeddings';
import type { ItemTable } from './item-table';
import type { Long } from './long';
import { cosine, Scanner } from './scan';
import type { Together } from './together';

/** Two rows of a run and their cosine. */
export interface Pair {
  readonly first: number;
  readonly second: number;
  readonly similarity: number;
}

/** What a look at pairs found, the most striking first. */
export interface PairScan {
  readonly pairs: readonly Pair[];
  /** Queries looked at, of those that the run has. */
  readonly searched: number;
  readonly of: number;
}

export interface ScanContext extends Long {
  readonly items: ItemTable;
  readonly answers: Int32Array;
  readonly embeddings: Embeddings;
  readonly together: Together;
  readonly seed: number;
  /** Multiplications that a look may take; `defaultBudget` is a few seconds on one core. */
  readonly budget?: number;
}

const defaultBudget = 3e9;
/** What ranking a candidate takes, in multiplications. */
const overhead = 16;
/** However wide the data, so many queries are looked at. */
const fewestQueries = 64;
/** Pairs kept of one query, so that one odd item does not fill the list. */
const perQuery = 10;

/** Pairs that belong together, least alike first. Where pairs are given these are all of them; of labels a sample. */
export async function leastAlikePositives(context: ScanContext): Promise<PairScan> {
  const { together } = context;
  if (together.by === 'pairs') return await givenPairs(context, together);
  if (together.by === 'labels') return await labelPairs(context, together);
  return { pairs: [], searched: 0, of: 0 };
}

async function givenPairs(
  { items, embeddings, signal, onProgress }: ScanContext,
  { known }: Extract<Together, { by: 'pairs' }>,
): Promise<PairScan> {
  const slices = new Slices(signal);
  const pairs: Pair[] = [];
  let searched = 0;
  let of = 0;
  for (let row = 0; row < items.count; row++) {
    const partners = known.of(row);
    onProgress?.(row, items.count);
    // An item that is its own answer says nothing.
    if (partners.length === 0 || (partners.length === 1 && partners[0] === row)) continue;
    of++;
    const at = positionOf(embeddings, row);
    if (at < 0) continue;
    searched++;
    for (const partner of partners) {
      const other = partner > row ? positionOf(embeddings, partner) : -1;
      if (other >= 0) pairs.push(oriented(items, row, partner, cosine(embeddings, at, other)));
    }
    await slices.pause();
  }
  return { pairs: pairs.sort(leastAlikeFirst), searched, of };
}

async function labelPairs(
  context: ScanContext,
  { members }: Extract<Together, { by: 'labels' }>,
): Promise<PairScan> {
  const { items, embeddings, signal, onProgress } = context;
  const slices = new Slices(signal);
  const companions = (row: number): number => members.get(items.label[row] as number)?.length ?? 0;
  const asking = Array.from({ length: items.count }, (_, row) => row).filter((row) => companions(row) > 1);
  const widest = [...members.values()].reduce((most, { length }) => Math.max(most, length), 1);
  const queries = sampleQueries(context, embedded(embeddings, asking), widest);
  const byLabel = new Map<number, number[]>();
  for (const at of queries) append(byLabel, items.label[embeddings.rows[at] as number] as number, at);
  const found = new PairSet();
  let done = 0;
  for (const [label, some] of byLabel) {
    // Side by side in memory: they are looked at again and again.
    const group = select(embeddings, embedded(embeddings, members.get(label) ?? []));
    const scanner = new Scanner(group, Int32Array.from(group.rows.keys()));
    for (const at of some) {
      onProgress?.(done++, queries.length);
      const row = embeddings.rows[at] as number;
      const unlike = scanner.cosines(embeddingAt(embeddings, at));
      for (let i = 0; i < unlike.length; i++) unlike[i] = -(unlike[i] as number);
      for (const place of rankTopK(unlike, perQuery, positionOf(group, row)))
        found.add(oriented(items, row, group.rows[place] as number, -(unlike[place] as number)));
      await slices.pause();
    }
  }
  return { pairs: found.sorted(leastAlikeFirst), searched: queries.length, of: asking.length };
}

/** Pairs that do not belong together, most alike first; of each query the ten most alike. */
export async function mostAlikeNegatives(context: ScanContext): Promise<PairScan> {
  const { items, answers, embeddings, signal, onProgress } = context;
  const slices = new Slices(signal);
  const candidates = candidatePositions(items, answers, embeddings);
  const scanner = new Scanner(embeddings, candidates);
  const rows = Int32Array.from({ length: items.count }, (_, row) => row);
  const queriesOnly = rows.filter((row) => items.isQuery(row));
  const asking = queriesOnly.length === 0 ? rows : queriesOnly;
  const queries = sampleQueries(context, embedded(embeddings, asking), candidates.length);
  const found = new PairSet();
  for (const [done, at] of queries.entries()) {
    onProgress?.(done, queries.length);
    const row = embeddings.rows[at] as number;
    const scores = scanner.cosines(embeddingAt(embeddings, at));
    hidePositives(context, row, candidates, scores);
    for (const place of rankTopK(scores, perQuery)) {
      const similarity = scores[place] as number;
      if (similarity === hidden) break;
      found.add(oriented(items, row, embeddings.rows[candidates[place] as number] as number, similarity));
    }
    await slices.pause();
  }
  return { pairs: found.sorted(mostAlikeFirst), searched: queries.length, of: asking.length };
}

const hidden = Number.NEGATIVE_INFINITY;

/** Takes an item, and what belongs to it, out of its own scores. */
function hidePositives(
  { items, embeddings, together }: ScanContext,
  row: number,
  candidates: Int32Array,
  scores: Float32Array,
): void {
  const own = together.by === 'labels' ? (items.label[row] as number) : -1;
  const known = together.by === 'pairs' ? new Set(together.known.of(row)) : undefined;
  for (let place = 0; place < candidates.length; place++) {
    const other = embeddings.rows[candidates[place] as number] as number;
    const same = other === row || known?.has(other) === true || (own >= 0 && items.label[other] === own);
    if (same) scores[place] = hidden;
  }
}

/**
 * The median cosine of pairs that belong together: of all that are given; of labels, of one drawn partner each. Undefined
 * where none are known.
 */
export function positivesMedian(
  { together, items, embeddings, seed }: ScanContext,
  positives: PairScan,
): number | undefined {
  if (together.by !== 'labels') return median(positives.pairs.map(({ similarity }) => similarity));
  const similarities: number[] = [];
  const asking = shuffle(Int32Array.from(embeddings.rows.keys()), random(seed, 'positives-median'));
  for (const at of asking.subarray(0, medianOver)) {
    const row = embeddings.rows[at] as number;
    const others = together.members.get(items.label[row] as number) ?? [];
    const partner = others[random(seed, 'positives-median', 0, row).below(Math.max(1, others.length))];
    const other = partner === undefined || partner === row ? -1 : positionOf(embeddings, partner);
    if (other >= 0) similarities.push(cosine(embeddings, at, other));
  }
  return median(similarities);
}

/** Pairs that a median is taken of: two stable digits. */
const medianOver = 4000;

function median(values: readonly number[]): number | undefined {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return undefined;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}

/** Positions of the rows that have an embedding, ascending. */
function embedded(embeddings: Embeddings, rows: Iterable<number>): Int32Array {
  return Int32Array.from(rows, (row) => positionOf(embeddings, row)).filter((at) => at >= 0);
}

/** As many queries as the budget allows, always the same ones. */
function sampleQueries(
  { embeddings, seed, budget = defaultBudget }: ScanContext,
  asking: Int32Array,
  candidates: number,
): Int32Array {
  const affordable = Math.floor(budget / Math.max(1, candidates * (embeddings.dimensions + overhead)));
  const most = Math.max(fewestQueries, affordable);
  if (asking.length <= most) return asking;
  return shuffle(asking, random(seed, 'pair-queries')).subarray(0, most).sort();
}

/** A query comes first, its document second. */
function oriented(items: ItemTable, a: number, b: number, similarity: number): Pair {
  const turned = !items.isQuery(a) && items.isQuery(b);
  return turned ? { first: b, second: a, similarity } : { first: a, second: b, similarity };
}

function leastAlikeFirst(a: Pair, b: Pair): number {
  return a.similarity - b.similarity || a.first - b.first || a.second - b.second;
}

function mostAlikeFirst(a: Pair, b: Pair): number {
  return b.similarity - a.similarity || a.first - b.first || a.second - b.second;
}

/** Each pair once, whichever of the two asked. */
class PairSet {
  private readonly pairs = new Map<string, Pair>();

  add(pair: Pair): void {
    const { first, second } = pair;
    const key = first < second ? `${first} ${second}` : `${second} ${first}`;
    if (!this.pairs.has(key)) this.pairs.set(key, pair);
  }

  sorted(order: (a: Pair, b: Pair) => number): Pair[] {
    return [...this.pairs.values()].sort(order);
  }
}
