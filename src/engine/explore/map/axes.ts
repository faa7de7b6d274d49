import { PCA } from 'ml-pca';
import { random } from '../../random';
import { Slices } from '../../slices';
import { type Embeddings, embeddingAt } from '../embeddings';

/** Two directions on which embeddings are drawn. */
export interface Axes {
  /** [dimensions]: what is in the middle of the map. */
  readonly mean: Float64Array;
  /** [dimensions] each, of length 1, at right angles; the second is all 0 where there is one dimension only. */
  readonly directions: readonly [Float64Array, Float64Array];
}

/** Width of the space in which the components are computed exactly: far more than two, so that the two are found sharply. */
const subspace = 24;
/** Times that the data is passed through: what varies little has then all but vanished from the subspace. */
const passes = 8;

/**
 * The two directions in which some embeddings vary most (principal components), each turned so that its largest part is
 * positive. A randomised range finder (Halko, Martinsson and Tropp 2011) narrows wide embeddings first: exact components of
 * 512 dimensions take seconds.
 */
export async function fitAxes(
  embeddings: Embeddings,
  positions: Int32Array,
  signal?: AbortSignal,
): Promise<Axes> {
  const { dimensions } = embeddings;
  const rows = Array.from(positions, (at) => Float64Array.from(embeddingAt(embeddings, at)));
  const mean = centre(rows, dimensions);
  // The components of a single point are any.
  if (rows.length < 2) return { mean, directions: [unit(dimensions, 0), unit(dimensions, 1)] };
  const basis = await widestSubspace(rows, dimensions, new Slices(signal));
  const narrow = rows.map((row) => basis.map((direction) => dot(row, direction)));
  const components = new PCA(narrow, { method: 'covarianceMatrix' }).getEigenvectors();
  const direction = (at: number): Float64Array =>
    at < basis.length
      ? turned(combine(basis, components.getColumn(at), dimensions))
      : new Float64Array(dimensions);
  return { mean, directions: [direction(0), direction(1)] };
}

/** Takes the mean from every row and returns it. */
function centre(rows: readonly Float64Array[], dimensions: number): Float64Array {
  const shares = rows.map(() => 1 / rows.length);
  const mean = combine(rows, shares, dimensions);
  for (const row of rows)
    for (let i = 0; i < dimensions; i++) row[i] = (row[i] as number) - (mean[i] as number);
  return mean;
}

/** Orthonormal directions of the space in which the rows vary most; all directions where they are few. */
async function widestSubspace(
  rows: readonly Float64Array[],
  dimensions: number,
  slices: Slices,
): Promise<Float64Array[]> {
  if (dimensions <= subspace) return Array.from({ length: dimensions }, (_, i) => unit(dimensions, i));
  const source = random(0, 'map-axes');
  let basis = orthonormal(
    Array.from({ length: subspace }, () => Float64Array.from({ length: dimensions }, () => source.normal())),
  );
  for (let pass = 0; pass < passes; pass++) {
    const next: Float64Array[] = [];
    for (const direction of basis) {
      next.push(
        combine(
          rows,
          rows.map((row) => dot(row, direction)),
          dimensions,
        ),
      );
      await slices.pause();
    }
    basis = orthonormal(next);
  }
  return basis;
}

/** Gram-Schmidt, twice for precision. A direction that adds nothing to those before it is left out, but one always stays. */
function orthonormal(directions: readonly Float64Array[]): Float64Array[] {
  const found: Float64Array[] = [];
  for (const direction of directions) {
    const before = Math.sqrt(dot(direction, direction));
    for (const _ of [1, 2])
      for (const other of found) {
        const shared = dot(direction, other);
        for (let i = 0; i < direction.length; i++)
          direction[i] = (direction[i] as number) - shared * (other[i] as number);
      }
    const length = Math.sqrt(dot(direction, direction));
    if (length > 1e-10 * before && length > 0) found.push(direction.map((value) => value / length));
  }
  const width = directions[0]?.length ?? 0;
  return found.length > 0 ? found : [unit(width, 0), unit(width, 1)];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** The sum of some rows [dimensions], each times its weight. */
function combine(
  rows: readonly Float64Array[],
  weights: ArrayLike<number>,
  dimensions: number,
): Float64Array {
  const sum = new Float64Array(dimensions);
  for (const [r, row] of rows.entries()) {
    const weight = weights[r] as number;
    for (let i = 0; i < dimensions; i++) sum[i] = (sum[i] as number) + weight * (row[i] as number);
  }
  return sum;
}

function unit(dimensions: number, at: number): Float64Array {
  return Float64Array.from({ length: dimensions }, (_, i) => Number(i === at));
}

function turned(direction: Float64Array): Float64Array {
  const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}
