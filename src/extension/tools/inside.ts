import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../../engine/data/walk';
import { UserError } from '../../protocol/errors';

/**
 * The file or folder that a model means, which has to lie in one of the open folders: a model may be misled by what it
 * reads, and nothing else of the machine is its business.
 * @param given absolute, or relative to a root; where there are several it may begin with the name of one
 * @param roots the open folders, absolute
 * @returns absolute
 * @throws UserError where there is no such place, or it is a link that leads out
 */
export async function placeInside(given: string, roots: readonly string[]): Promise<string> {
  if (given.includes('\0'))
    throw new UserError('bad-path', `"${given}" is no path: give one without a null character.`);
  for (const root of roots) {
    for (const place of new Set([path.resolve(root, given), path.resolve(path.dirname(root), given)])) {
      if (!isInside(root, place)) continue;
      const [real, realRoot] = await Promise.all([realOf(place), realOf(root)]);
      if (real === undefined || realRoot === undefined) continue;
      if (isInside(realRoot, real)) return place;
      throw new UserError(
        'path-outside',
        `${place} is a link that leads out of the open folder ${root}: open ${real} in the editor first.`,
      );
    }
  }
  const open = roots.length === 0 ? 'there are none' : roots.join(', ');
  throw new UserError(
    'no-such-path',
    `${given} is not found in the open folders (${open}): give a path below one of them.`,
  );
}

async function realOf(place: string): Promise<string | undefined> {
  return await realpath(place).catch(() => undefined);
}
