import type { CancellationToken } from 'vscode-jsonrpc/browser';
import type { MapAnswer, MapQuery } from '../../protocol/explore';
import type { Host } from '../host';
import type { Layout } from './motion';

/** A map with all its points. */
export interface LoadedMap extends Layout {
  readonly answer: MapAnswer;
  /** Index into the answer's labels a point, 65535 for none. */
  readonly label: Uint16Array;
}

/** Asks for a map and fetches its points, piece by piece. */
export async function loadMap(
  host: Host,
  query: MapQuery & { readonly run: string },
  token: CancellationToken,
): Promise<LoadedMap> {
  const answer = await host.request('map', query, token);
  const { map, points } = answer;
  const xy = new Float32Array(2 * points);
  const row = new Int32Array(points);
  const label = new Uint16Array(points);
  for (let from = 0; from < points; ) {
    const piece = await host.request('mapPoints', { run: query.run, map, from }, token);
    if (piece.row.length === 0)
      throw new Error(`The map ended after ${from} of ${points} points: load it again.`);
    xy.set(piece.xy, 2 * from);
    row.set(piece.row, from);
    label.set(piece.label, from);
    from += piece.row.length;
  }
  return { answer, xy, row, label };
}
