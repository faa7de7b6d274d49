/** Longest part of a ranking that any of the metrics looks at: ask for this many neighbours. */
export const retrievalDepth = 100;

const cutoff = 10;

export interface RetrievalMetrics {
  readonly 'recall@1': number;
  readonly 'recall@10': number;
  readonly 'mrr@10': number;
  readonly 'ndcg@10': number;
  readonly 'map@100': number;
}

/**
 * Means over queries, fed one ranking at a time, so that no matrix of queries by documents is ever held. Definitions are
 * those of `InformationRetrievalEvaluator` in sentence-transformers: relevance is binary; recall@k = hits in k /
 * relevant; MRR of the first hit; the ideal DCG has min(k, relevant) hits; AP is divided by min(k, relevant). A query
 * without relevant documents is left out of every mean and counted in `dropped`.
 */
export class RetrievalAccumulator {
  /** Queries in the means. */
  queries = 0;
  /** Queries left out, for want of a relevant document. */
  dropped = 0;
  private recallAt1 = 0;
  private recallAt10 = 0;
  private reciprocal = 0;
  private gain = 0;
  private precision = 0;

  /**
   * @param ranked distinct document ids, best first; ends at the first -1 or after `retrievalDepth`.
   * @param relevant all relevant ids among the candidates, found or not.
   */
  add(ranked: Int32Array, relevant: ReadonlySet<number>): void {
    if (relevant.size === 0) {
      this.dropped++;
      return;
    }
    this.queries++;
    let hits = 0;
    let gain = 0;
    let precision = 0;
    const depth = Math.min(ranked.length, retrievalDepth);
    for (let i = 0; i < depth; i++) {
      const id = ranked[i] as number;
      if (id < 0) break;
      if (!relevant.has(id)) continue;
      hits++;
      precision += hits / (i + 1);
      if (i === 0) this.recallAt1 += 1 / relevant.size;
      if (i >= cutoff) continue;
      if (hits === 1) this.reciprocal += 1 / (i + 1);
      this.recallAt10 += 1 / relevant.size;
      gain += 1 / Math.log2(i + 2);
    }
    this.gain += gain / idealGain(Math.min(cutoff, relevant.size));
    this.precision += precision / Math.min(retrievalDepth, relevant.size);
  }

  /** `undefined` while no query has counted. */
  result(): RetrievalMetrics | undefined {
    const n = this.queries;
    if (n === 0) return undefined;
    return {
      'recall@1': this.recallAt1 / n,
      'recall@10': this.recallAt10 / n,
      'mrr@10': this.reciprocal / n,
      'ndcg@10': this.gain / n,
      'map@100': this.precision / n,
    };
  }
}

function idealGain(hits: number): number {
  let gain = 0;
  for (let i = 0; i < hits; i++) gain += 1 / Math.log2(i + 2);
  return gain;
}
