import { UMAP } from 'umap-js';
import { random } from '../../random';
import { Slices } from '../../slices';
import { embeddingAt } from '../embeddings';
import type { Long } from '../long';
import { Scanner } from '../scan';

/** Neighbours that a point is held together with; the default of the method's authors. */
export const umapNeighbours = 15;

/** What is laid out; plain data, so that a worker thread can do it. */
export interface LayoutTask {
  /** Row-major [points, dimensions], L2-normalised. */
  readonly data: Float32Array;
  readonly dimensions: number;
  /** [points, 2], row-major: where the points begin. */
  readonly start: Float32Array;
  readonly seed: number;
}

/** @returns [points, 2], row-major. @throws the signal's reason, once it is aborted. */
export type LayOut = (task: LayoutTask, progress: Long) => Promise<Float32Array>;

/**
 * UMAP (McInnes, Healy and Melville 2018) over cosine distance, with exact neighbours, from a given start and with seeded
 * random numbers: the same input gives the same map. It holds its thread for up to a second while the method prepares.
 */
export const umapLayout: LayOut = async (task, { signal, onProgress }) => {
  const { data, dimensions, start, seed } = task;
  const count = start.length / 2;
  const nNeighbors = Math.min(umapNeighbours, count - 1);
  if (nNeighbors < 2) return start;
  const slices = new Slices(signal);
  // Of two hundred: finding the neighbours takes about as long as laying out.
  const told = (part: number, of: number, from: number): void => onProgress?.(from + (100 * part) / of, 200);
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const embeddings = { rows, data, dimensions };
  const scanner = new Scanner(embeddings, rows);
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (const row of rows) {
    const { positions, similarities } = scanner.nearest(embeddingAt(embeddings, row), nNeighbors - 1, row);
    // The method counts a point as its own first neighbour.
    indices.push([row, ...positions]);
    distances.push([0, ...Array.from(similarities, (cosine) => 1 - cosine)]);
    told(row + 1, count, 0);
    await slices.pause();
  }
  const source = random(seed, 'umap');
  const umap = new UMAP({ nNeighbors, random: () => source.next() });
  umap.setPrecomputedKNN(indices, distances);
  // Only their number counts: who is near to whom is known.
  const epochs = umap.initializeFit(Array.from(rows, () => [0]));
  const layout = umap.getEmbedding();
  for (const [i, point] of layout.entries())
    for (const axis of [0, 1]) point[axis] = startScale * (start[2 * i + axis] as number);
  for (let epoch = 0; epoch < epochs; epoch++) {
    await slices.pause();
    umap.step();
    told(epoch + 1, epochs, 100);
  }
  return Float32Array.from(layout.flat());
};

/** The method expects starts within about ten of the middle; embeddings of length 1 project to at most one. */
const startScale = 10;
