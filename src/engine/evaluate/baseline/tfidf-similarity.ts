import type { Slices } from '../../slices';
import { collectTopK, type TopK } from '../metrics/top-k';
import { InvertedIndex } from './inverted-index';
import { checkPairs, positions, type Similarity } from './similarity';
import { type SparseRows, sparseDot, TfIdf } from './tfidf';

/**
 * The model-free baseline of texts: cosine of TF-IDF rows. Two texts without a common known word score 0.
 * @param texts content of every item of the dataset.
 * @param trainItems items of the training split: vocabulary and rarity come from them alone.
 */
export async function tfidfSimilarity(
  texts: readonly string[],
  trainItems: Int32Array,
  slices: Slices,
): Promise<Similarity> {
  const model = await TfIdf.fit(pick(texts, trainItems), slices);
  return new TfIdfSimilarity(await model.transform(texts, slices), model.vocabulary.size);
}

function* pick(texts: readonly string[], items: Int32Array): Generator<string> {
  for (const item of items) yield texts[item] as string;
}

interface Searchable {
  readonly index: InvertedIndex;
  readonly position: ReadonlyMap<number, number>;
}

class TfIdfSimilarity implements Similarity {
  private readonly searchable = new WeakMap<Int32Array, Searchable>();

  constructor(
    private readonly rows: SparseRows,
    private readonly termCount: number,
  ) {}

  async topK(queries: Int32Array, candidates: Int32Array, k: number, slices: Slices): Promise<TopK> {
    const { index, position } = this.over(candidates);
    const rank = (query: number) => {
      const item = queries[query] as number;
      return { scores: index.scores(item), exclude: position.get(item) ?? -1 };
    };
    return await collectTopK(queries.length, k, rank, slices);
  }

  pairs(first: Int32Array, second: Int32Array): Float32Array {
    checkPairs(first, second);
    return Float32Array.from(first, (item, i) => sparseDot(this.rows, item, second[i] as number));
  }

  private over(candidates: Int32Array): Searchable {
    let found = this.searchable.get(candidates);
    if (found === undefined) {
      found = {
        index: new InvertedIndex(this.rows, candidates, this.termCount),
        position: positions(candidates),
      };
      this.searchable.set(candidates, found);
    }
    return found;
  }
}
