import { type CancellationToken, Uri } from 'vscode';
import { UserError } from '../../protocol/errors';
import type { ItemView, Query } from '../../protocol/explore';
import { queryOfFile } from '../commands/look-up';
import type { Explorer } from '../panel/explorer';
import { openFolders } from '../places';
import type { Input } from './inputs';
import { placeInside } from './inside';

/** Items that mention some words, looked at for the one that is meant. */
const lookedAt = 200;
/** Of several, so many are named in a message. */
const namedAtMost = 5;

/** What a model asks with. @throws UserError unless it is one thing that is there. */
export async function queryOf(
  { text, item, row, file }: Input<'infonce_neighbours'>,
  explorer: Explorer,
  token: CancellationToken,
): Promise<Query> {
  const given = Object.entries({ text, item, row, file }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const these = given.length === 0 ? 'none of them is' : `${given.map(([name]) => name).join(' and ')} are`;
    throw new UserError(
      'one-query',
      `One of text, item, row and file has to be given, and ${these}: give exactly one.`,
    );
  }
  if (text !== undefined) return { text };
  if (row !== undefined) return { row };
  if (item !== undefined) return { row: await rowOf(item, explorer, token) };
  return await queryOfFile(Uri.file(await placeInside(file as string, openFolders())));
}

async function rowOf(words: string, explorer: Explorer, token: CancellationToken): Promise<number> {
  const { items, found } = await explorer.ask('find', { text: words, limit: lookedAt }, token);
  const same = items.filter(({ id, path, content }) => [id, path, content].includes(words));
  const [only] = same.length === 1 ? same : found === 1 ? items : [];
  if (only !== undefined) return only.row;
  if (found === 0) {
    throw new UserError(
      'no-such-item',
      `No item of the run mentions "${words}": ask with text instead, or with other words.`,
    );
  }
  const named = items.slice(0, namedAtMost).map(nameOf).join(', ');
  throw new UserError(
    'several-items',
    `${found} items of the run mention "${words}" (${named}${found > namedAtMost ? ', …' : ''}): give the row of one.`,
  );
}

function nameOf({ row, content, path, id }: ItemView): string {
  return `row ${row}: "${(content ?? path ?? id).slice(0, 60)}"`;
}
