/**
 * Eigenvalues of a symmetric matrix, ascending: Householder reflections to tridiagonal form, then QL with implicit
 * Wilkinson shifts (Golub and Van Loan, Matrix Computations, ch. 8.3). Their absolute error is a few units of rounding of
 * the largest. Values only: that is a fraction of the work and memory of a decomposition with vectors.
 * @param matrix row-major `[size, size]`, symmetric; not changed.
 * @throws Error where QL does not converge, which finite input does not bring about.
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  if (matrix.length !== size * size)
    throw new Error(`${matrix.length} values do not make a ${size}x${size} matrix`);
  const { diagonal, beside } = tridiagonalise(Float64Array.from(matrix), size);
  implicitQl(diagonal, beside);
  return diagonal.sort();
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` couples `i` and `i + 1`; the last one is 0. */
  readonly beside: Float64Array;
}

/** Overwrites `a`. All inner loops run along rows, which lie together in memory. */
function tridiagonalise(a: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const image = new Float64Array(size);
  // What is left of a matrix of low rank is noise; reflecting it could divide by a number too small to hold.
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const negligible = (Number.EPSILON * largest) / size;
  for (let k = 0; k < size; k++) {
    diagonal[k] = a[k * size + k] as number;
    if (k + 1 >= size) break;
    const mirror = a.subarray(k * size, (k + 1) * size);
    const norm = Math.sqrt(mirror.subarray(k + 1).reduce((sum, value) => sum + value * value, 0));
    const first = mirror[k + 1] as number;
    const length = first > 0 ? -norm : norm;
    if (norm <= negligible) continue;
    beside[k] = length;
    mirror[k + 1] = first - length;
    // H = I − scale·v·vᵀ with scale = 2 / v·v; and v·v = 2·norm·(norm + |first|).
    const scale = 1 / (norm * (norm + Math.abs(first)));
    reflect(a, size, k + 1, mirror, scale, image);
  }
  return { diagonal, beside };
}

/** A ← H A H on the block from `start`: A − v·wᵀ − w·vᵀ, where w = p − (scale/2)(p·v)v and p = scale·A·v. */
function reflect(
  a: Float64Array,
  size: number,
  start: number,
  v: Float64Array,
  scale: number,
  w: Float64Array,
): void {
  let along = 0;
  for (let i = start; i < size; i++) {
    const row = i * size;
    let sum = 0;
    for (let j = start; j < size; j++) sum += (a[row + j] as number) * (v[j] as number);
    w[i] = sum * scale;
    along += sum * scale * (v[i] as number);
  }
  const half = (scale * along) / 2;
  for (let i = start; i < size; i++) w[i] = (w[i] as number) - half * (v[i] as number);
  for (let i = start; i < size; i++) {
    const row = i * size;
    const vi = v[i] as number;
    const wi = w[i] as number;
    for (let j = start; j < size; j++) {
      a[row + j] = (a[row + j] as number) - vi * (w[j] as number) - wi * (v[j] as number);
    }
  }
}

/** Turns `d` into the eigenvalues, unordered, and uses up `e`. */
function implicitQl(d: Float64Array, e: Float64Array): void {
  const n = d.length;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(d[i] as number), Math.abs(e[i] as number));
  // A coupling below the rounding error of the largest value changes no eigenvalue by more than that.
  const negligible = Number.EPSILON * largest;
  for (let low = 0; low < n; low++) {
    for (let round = 0; ; round++) {
      let high = low;
      while (high < n - 1 && Math.abs(e[high] as number) > negligible) high++;
      if (high === low) break;
      if (round === 60) throw new Error(`eigenvalue ${low} of ${n} does not converge`);
      sweep(d, e, low, high);
    }
  }
}

/** One implicitly shifted QL step on the unreduced block `low … high`. */
function sweep(d: Float64Array, e: Float64Array, low: number, high: number): void {
  const coupling = e[low] as number;
  const ratio = ((d[low + 1] as number) - (d[low] as number)) / (2 * coupling);
  const root = Math.hypot(ratio, 1);
  let g = (d[high] as number) - (d[low] as number) + coupling / (ratio + (ratio >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let carried = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * (e[i] as number);
    const b = cosine * (e[i] as number);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // The block falls apart here; the next round takes up the pieces.
      d[i + 1] = (d[i + 1] as number) - carried;
      e[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    const shifted = (d[i + 1] as number) - carried;
    const turned = ((d[i] as number) - shifted) * sine + 2 * cosine * b;
    carried = sine * turned;
    d[i + 1] = shifted + carried;
    g = cosine * turned - b;
  }
  d[low] = (d[low] as number) - carried;
  e[low] = g;
  e[high] = 0;
}
