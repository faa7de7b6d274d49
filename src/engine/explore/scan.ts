import { rankTopK } from '../evaluate/metrics/top-k';
import type { Embeddings } from './embeddings';

/** The best of a scan: positions among the embeddings, best first, with their cosines. */
export interface Ranked {
  readonly positions: Int32Array;
  readonly similarities: Float32Array;
}

/** Rounding must not show a cosine beyond 1. */
function clampCosine(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

/** Dot product of `query` with the row that starts at `start`: four sums, so that additions need not wait for each other. */
function dot(data: Float32Array, start: number, query: Float32Array): number {
  const width = query.length;
  const whole = width & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0, at = start; i < whole; i += 4, at += 4) {
    a += (data[at] as number) * (query[i] as number);
    b += (data[at + 1] as number) * (query[i + 1] as number);
    c += (data[at + 2] as number) * (query[i + 2] as number);
    d += (data[at + 3] as number) * (query[i + 3] as number);
  }
  for (let i = whole; i < width; i++) a += (data[start + i] as number) * (query[i] as number);
  return a + b + (c + d);
}

/** Cosine of two rows. */
export function cosine({ data, dimensions }: Embeddings, first: number, second: number): number {
  const query = data.subarray(second * dimensions, (second + 1) * dimensions);
  return clampCosine(dot(data, first * dimensions, query));
}

/**
 * Exact look-ups, one after the other, into one buffer: a scan allocates nothing.
 * The query's cosines with the candidates come in their order.
 */
export class Scanner {
  private readonly scores: Float32Array;

  /** @param candidates positions among the embeddings, ascending. */
  constructor(
    private readonly embeddings: Embeddings,
    readonly candidates: Int32Array,
  ) {
    this.scores = new Float32Array(candidates.length);
  }

  /** Cosines of a query [dimensions] with each candidate; valid until the next scan. */
  cosines(query: Float32Array): Float32Array {
    const { scores, candidates, embeddings } = this;
    const { data, dimensions } = embeddings;
    for (let i = 0; i < candidates.length; i++)
      scores[i] = clampCosine(dot(data, (candidates[i] as number) * dimensions, query));
    return scores;
  }

  /**
   * The `k` candidates most similar to a query [dimensions], best first, equal ones in the order of the items.
   * @param exclude a position that is left out: the query itself.
   */
  nearest(query: Float32Array, k: number, exclude = -1): Ranked {
    const scores = this.cosines(query);
    const best = rankTopK(scores, k, exclude < 0 ? -1 : this.candidates.indexOf(exclude));
    return {
      positions: best.map((at) => this.candidates[at] as number),
      similarities: Float32Array.from(best, (at) => scores[at] as number),
    };
  }
}
