import { random, shuffle } from '../../random';
import { symmetricEigenvalues } from './eigenvalues';
import { checkedRowCount, type NumericArray, refuseNaN, share } from './numbers';

/** A figure from `rows` of the `of` rows there were: where they differ, whoever shows the figure says so. */
export interface Sampled {
  readonly value: number;
  readonly rows: number;
  readonly of: number;
}

/**
 * Alignment (Wang and Isola 2020, α = 2): mean squared distance of positive pairs on the unit sphere, 0 … 4. Of unit
 * vectors ‖a − b‖² = 2 − 2 cos(a, b), so the cosines are enough, and whatever gives cosines can be measured.
 */
export function alignment(cosines: NumericArray): number | undefined {
  refuseNaN(cosines, 'cosine');
  let sum = 0;
  for (const cosine of cosines) sum += 2 - 2 * cosine;
  return share(sum, cosines.length);
}

/**
 * Uniformity (Wang and Isola 2020, t = 2): ln of the mean of exp(−2‖a − b‖²) over all distinct pairs of rows; 0 where
 * all rows are one, lower is more uniform. Every pair of up to `limit` rows; of more rows the same `limit` of them are drawn
 * every time. `undefined` below two rows.
 * @param rows L2-normalised, row-major `[n, width]`.
 */
export function uniformity(rows: NumericArray, width: number, limit = 1000): Sampled | undefined {
  const of = checkedRowCount(rows, width);
  const sample = sampleRows(rows, width, of, limit, 'uniformity');
  const count = sample.length / width;
  if (count < 2) return undefined;
  let sum = 0;
  for (let a = 0; a < sample.length; a += width) {
    for (let b = a + width; b < sample.length; b += width) {
      let distance = 0;
      for (let j = 0; j < width; j++) {
        const difference = (sample[a + j] as number) - (sample[b + j] as number);
        distance += difference * difference;
      }
      sum += Math.exp(-2 * distance);
    }
  }
  return { value: Math.log(sum / ((count * (count - 1)) / 2)), rows: count, of };
}

/**
 * RankMe (Garrido et al. 2023): exp of the entropy of the singular values divided by their sum, 1 … min(n, width); how
 * many directions the embeddings really use. Without the paper's 1e-7 beside each share, which only guards the logarithm
 * of 0. Of more than `limit` rows the same `limit` are drawn every time. `undefined` where every value is 0.
 *
 * The singular values are square roots of the eigenvalues of the Gram matrix, taken of the shorter side so that the cost
 * is bound by `limit`; that leaves those below about 1e-7 of the
 * largest undetermined, so they count as 0.
 */
export function rank(rows: NumericArray, width: number, limit = 1024): Sampled | undefined {
  const of = checkedRowCount(rows, width);
  const sample = sampleRows(rows, width, of, limit, 'rank');
  const count = sample.length / width;
  // XXᵀ and XᵀX have the same eigenvalues, but for zeros.
  const wide = count < width;
  const side = Math.min(count, width);
  const eigenvalues = symmetricEigenvalues(gram(wide ? transposed(sample, width) : sample, side), side);
  const floor = (eigenvalues.at(-1) ?? 0) * Number.EPSILON * Math.max(width, count);
  const singular = eigenvalues.filter((value) => value > floor).map(Math.sqrt);
  if (singular.length === 0) return undefined;
  const total = singular.reduce((sum, value) => sum + value, 0);
  const entropy = singular.reduce((sum, value) => sum - (value / total) * Math.log(value / total), 0);
  return { value: Math.exp(entropy), rows: count, of };
}

/**
 * InfoNCE's lower bound on mutual information, in nats: I ≥ ln N − loss, and the most it can say, ln N, with N the
 * candidates of each row. Holds for the plain loss over independent candidates; the caller knows whether it was that.
 */
export function miLowerBound(
  loss: number,
  candidates: number,
): { readonly value: number; readonly ceiling: number } {
  const ceiling = Math.log(candidates);
  return { value: ceiling - loss, ceiling };
}

/** Xᵀ of row-major X. */
function transposed(rows: Float64Array, width: number): Float64Array {
  const count = rows.length / width;
  return Float64Array.from(rows, (_, at) => rows[(at % count) * width + Math.floor(at / count)] as number);
}

/** XᵀX, `[width, width]`. */
function gram(rows: Float64Array, width: number): Float64Array {
  const result = new Float64Array(width * width);
  for (let start = 0; start < rows.length; start += width) {
    for (let i = 0; i < width; i++) {
      const x = rows[start + i] as number;
      const line = i * width;
      for (let j = 0; j <= i; j++) {
        result[line + j] = (result[line + j] as number) + x * (rows[start + j] as number);
      }
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) result[j * width + i] = result[i * width + j] as number;
  }
  return result;
}

/** The rows themselves, or `limit` of them: a function of their number alone, so evaluations of one run compare. */
function sampleRows(
  rows: NumericArray,
  width: number,
  count: number,
  limit: number,
  purpose: string,
): Float64Array {
  if (count <= limit) return Float64Array.from(rows);
  const order = shuffle(
    Int32Array.from({ length: count }, (_, i) => i),
    random(0, purpose),
  );
  const sample = new Float64Array(limit * width);
  for (let i = 0; i < limit; i++) {
    const start = (order[i] as number) * width;
    sample.set(rows.subarray(start, start + width), i * width);
  }
  return sample;
}
