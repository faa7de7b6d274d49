import { append } from '../lists';
import { random, shuffle } from '../random';
import type { Built } from './raw';

/**
 * Interactions: every user keeps most of what they did in train, and gives up to one in ten rows (at least one from three
 * on), the latest ones where there is a time. A row is only taken where its user and its item stay known from train.
 */
export function holdOut(
  built: Built,
  train: readonly number[],
  target: number,
  seed: number,
  name: string,
): number[] {
  const { rows, items, time } = built;
  const uses = new Int32Array(items.count);
  const ofUser = new Map<number, number[]>();
  for (const row of train) {
    const user = rows.first[row] as number;
    uses[user] = (uses[user] as number) + 1;
    uses[rows.second[row] as number] = (uses[rows.second[row] as number] as number) + 1;
    append(ofUser, user, row);
  }
  const users = shuffle(Int32Array.from(ofUser.keys()), random(seed, `cut ${name}`));
  const taken: number[] = [];
  for (const user of users) {
    if (taken.length >= target) break;
    const own = shuffle([...(ofUser.get(user) ?? [])], random(seed, `cut ${name}`, 0, user + 1));
    if (time !== undefined) own.sort((a, b) => (time[b] as number) - (time[a] as number) || 0);
    if (own.length < 3) continue;
    let wanted = Math.min(Math.max(1, Math.floor(own.length / 10)), target - taken.length);
    for (const row of own) {
      if (wanted === 0) break;
      const item = rows.second[row] as number;
      if ((uses[item] as number) < 2 || (uses[user] as number) < 2) continue;
      uses[item] = (uses[item] as number) - 1;
      uses[user] = (uses[user] as number) - 1;
      taken.push(row);
      wanted--;
    }
  }
  return taken;
}
