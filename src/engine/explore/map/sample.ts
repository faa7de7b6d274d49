import { append } from '../../lists';
import { random, shuffle } from '../../random';

/**
 * At most `limit` of `count` points, each label with its share of them (a label with few keeps at least one, while there is
 * room); always the same ones. Ascending.
 * @param label label of point `i`.
 */
export function stratifiedSample(
  count: number,
  label: (point: number) => number,
  limit: number,
  seed: number,
): Int32Array {
  const points = Int32Array.from({ length: count }, (_, point) => point);
  if (count <= limit) return points;
  const groups = new Map<number, number[]>();
  for (const point of points) append(groups, label(point), point);
  const chosen: number[] = [];
  const rest: number[] = [];
  for (const [own, members] of [...groups].sort(([, a], [, b]) => a.length - b.length)) {
    const drawn = shuffle(members, random(seed, 'map-sample', 0, own + 1));
    const due = Math.max(1, Math.floor((members.length / count) * limit));
    chosen.push(...drawn.slice(0, due));
    rest.push(...drawn.slice(due));
  }
  // What rounding left over.
  const missing = Math.max(0, limit - chosen.length);
  const filled = [...chosen, ...shuffle(rest, random(seed, 'map-sample-rest')).slice(0, missing)];
  return Int32Array.from(filled.slice(0, limit)).sort();
}
