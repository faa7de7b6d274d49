import type { Command } from 'commander';
import { ask, candidatesOf, nearest } from '../../engine/explore/search';
import { Subject } from '../../engine/explore/subject';
import type { RunFolder } from '../../engine/run/folder';
import type { ItemRow } from '../../engine/run/items-file';
import type { ItemKind } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { Query } from '../../protocol/explore';
import { jsonOption, positiveInteger } from '../options';
import { pageWidth, print, printJson, tell } from '../output';
import { openRun } from '../places';
import { cut, displayWidth, integer, oneLine, table } from '../text';
import { placeName } from '../words';

/** One line of the answer. */
interface Neighbour {
  readonly rank: number;
  readonly similarity: number;
  readonly item: ItemRow;
}

interface NeighbourFlags {
  readonly text?: string;
  readonly image?: string;
  readonly item?: string;
  readonly k: number;
  readonly json?: true;
}

const takes: Readonly<Record<ItemKind, string>> = {
  text: '--text or --item',
  image: '--image or --item',
  vector: '--item',
  id: '--item',
};

/** What was asked, in the words of the engine. @throws UserError when it does not fit the run. */
async function queryOf({ run, items }: Subject, { text, image, item }: NeighbourFlags): Promise<Query> {
  if (item !== undefined) return { row: await items.rowOf(item) };
  requireKind(run, text === undefined ? 'image' : 'text');
  return text === undefined ? { image: image as string } : { text };
}

function requireKind({ id, record }: RunFolder, given: 'text' | 'image'): void {
  const { kind } = record.dataset;
  if (kind === given) return;
  throw new UserError('other-kind', `run ${id} was trained on ${kind}s: use ${takes[kind]}, not --${given}`);
}

async function neighbours(given: string, flags: NeighbourFlags): Promise<void> {
  const queries = [flags.text, flags.image, flags.item].filter((query) => query !== undefined);
  if (queries.length !== 1) {
    throw new UserError(
      'one-query',
      `${queries.length} queries were given: give one of --text, --image and --item`,
    );
  }
  if (queries[0]?.trim() === '')
    throw new UserError('empty-query', 'the query is empty: give some text, a file or an id');
  const subject = await Subject.of(await openRun(given));
  try {
    await answer(subject, flags);
  } finally {
    subject.dispose();
  }
}

async function answer(subject: Subject, flags: NeighbourFlags): Promise<void> {
  const { items, store, answers } = subject;
  const asked = await ask(subject, await queryOf(subject, flags), 'final');
  for (const note of asked.notes) tell(`warning: ${oneLine(note)}`);
  const candidates = candidatesOf(subject, asked);
  const ranked = nearest(asked, candidates, flags.k);
  const rows = await items.rows(ranked.map(({ row }) => row));
  const found = ranked.map(({ rank, similarity }, i) => ({ rank, similarity, item: rows[i] as ItemRow }));
  if (flags.json === true) {
    for (const { rank, similarity, item } of found) {
      printJson({ rank, similarity: Number(similarity.toFixed(6)), ...item });
    }
    return;
  }
  if (!(await store.hasFinal())) tell(`Answered at ${asked.source}`);
  else if (answers.length < items.count) {
    tell(`Among the ${integer(answers.length)} of ${integer(items.count)} items that are answers`);
  }
  for (const line of neighbourLines(found, pageWidth(process.stdout))) print(line);
}

function longest(cells: readonly string[]): number {
  return Math.max(0, ...cells.map(displayWidth));
}

/** Rank, similarity, label, text and place; the text takes the width that the others leave. */
function neighbourLines(found: readonly Neighbour[], width: number): string[] {
  const places = found.map(({ item }) => placeName(item));
  const labels = found.map(({ item }) => cut(oneLine(item.label ?? ''), 24));
  const left = width - (4 + 2 + 10 + 2 + longest(labels) + 2 + 2 + longest(places));
  return table(
    [
      ['rank', 'similarity', ...(longest(labels) > 0 ? ['label'] : []), '', ''],
      ...found.map(({ rank, similarity, item }, i) => [
        `${rank}`,
        similarity.toFixed(4),
        ...(longest(labels) > 0 ? [labels[i] as string] : []),
        cut(oneLine(item.content ?? item.path ?? item.id), Math.max(20, left)),
        places[i] === (item.content ?? item.path ?? item.id) ? '' : (places[i] as string),
      ]),
    ],
    ['right', 'right'],
  );
}

export function addNeighbours(program: Command): void {
  program
    .command('neighbours')
    .description('what a trained run puts nearest to a text, an image, or one of its items')
    .argument('<run>', 'its folder, or its id')
    .option('--text <text>', 'a text')
    .option('--image <file>', 'a PNG, JPEG or WebP file')
    .option('--item <id>', 'an item of the run, by its id in items.jsonl')
    .option('-k <n>', 'how many', positiveInteger, 10)
    .addOption(jsonOption())
    .action(async (run: string, flags: NeighbourFlags) => {
      await neighbours(run, flags);
    });
}
