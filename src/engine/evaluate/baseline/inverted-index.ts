import type { SparseRows } from './tfidf';

/**
 * Some rows turned on their side: per term the rows that have it. Scoring a query then costs the entries of its terms,
 * not all entries.
 */
export class InvertedIndex {
  private readonly starts: Int32Array;
  private readonly documents: Int32Array;
  private readonly weights: Float32Array;
  private readonly sums: Float64Array;

  /**
   * @param members the rows to index; a document is a position in `members`.
   * @param termCount size of the vocabulary.
   */
  constructor(
    private readonly rows: SparseRows,
    members: Int32Array,
    termCount: number,
  ) {
    const { offsets, terms, weights } = rows;
    this.starts = new Int32Array(termCount + 1);
    this.sums = new Float64Array(members.length);
    const eachEntry = (visit: (document: number, entry: number, term: number) => void): void => {
      for (const [document, row] of members.entries()) {
        const end = offsets[row + 1] as number;
        for (let i = offsets[row] as number; i < end; i++) visit(document, i, terms[i] as number);
      }
    };
    const { starts } = this;
    eachEntry((_document, _entry, term) => {
      starts[term + 1] = (starts[term + 1] as number) + 1;
    });
    for (let term = 0; term < termCount; term++) {
      starts[term + 1] = (starts[term + 1] as number) + (starts[term] as number);
    }
    const size = starts[termCount] as number;
    const documents = new Int32Array(size);
    const posted = new Float32Array(size);
    const next = starts.slice();
    eachEntry((document, entry, term) => {
      const place = next[term] as number;
      next[term] = place + 1;
      documents[place] = document;
      posted[place] = weights[entry] as number;
    });
    this.documents = documents;
    this.weights = posted;
  }

  /** Dot product of one row (of the same rows) with every document, summed in float64; float32 `[documents]`. */
  scores(queryRow: number): Float32Array {
    const { offsets, terms, weights } = this.rows;
    const { sums, starts, documents } = this;
    sums.fill(0);
    for (let i = offsets[queryRow] as number; i < (offsets[queryRow + 1] as number); i++) {
      const term = terms[i] as number;
      const weight = weights[i] as number;
      const end = starts[term + 1] as number;
      for (let j = starts[term] as number; j < end; j++) {
        const document = documents[j] as number;
        sums[document] = (sums[document] as number) + weight * (this.weights[j] as number);
      }
    }
    return Float32Array.from(sums);
  }
}
