import type { CancellationToken } from 'vscode-jsonrpc/browser';
import type { MapAnswer, MapQuery } from '../../protocol/explore';
import type { Host } from '../host';
import type { Layout } from './motion';

/** A map with all its points. */
export interface LoadedMap extends Layout {
  readonly answer: MapAnswer;
  /** Of each point, as `MapPoints` has it. */
  readonly label: Uint16Array;
}

/** Maps asked for until one is still the newest when its points have come. */
const attempts = 3;

/**
 * Asks for a map and fetches its points. There is one map at a time: where another panel, or a question given up too late,
 * has had a newer one drawn meanwhile, it asks once more.
 */
export async function loadMap(
  host: Host,
  query: MapQuery & { readonly run: string },
  token: CancellationToken,
): Promise<LoadedMap> {
  for (let attempt = 1; ; attempt++) {
    const answer = await host.request('map', query, token);
    try {
      return { answer, ...(await loadPoints(host, query.run, answer, token)) };
    } catch (error) {
      if (attempt === attempts || token.isCancellationRequested) throw error;
    }
  }
}

/** Piece by piece. */
async function loadPoints(
  host: Host,
  run: string,
  { map, points }: MapAnswer,
  token: CancellationToken,
): Promise<Omit<LoadedMap, 'answer'>> {
  const xy = new Float32Array(2 * points);
  const row = new Int32Array(points);
  const label = new Uint16Array(points);
  for (let from = 0; from < points; ) {
    const piece = await host.request('mapPoints', { run, map, from }, token);
    if (piece.row.length === 0)
      throw new Error(`The map ended after ${from} of ${points} points: load it again.`);
    xy.set(piece.xy, 2 * from);
    row.set(piece.row, from);
    label.set(piece.label, from);
    from += piece.row.length;
  }
  return { xy, row, label };
}
