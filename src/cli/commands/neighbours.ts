import type { Command } from 'commander';
import type { Items } from '../../engine/data/dataset';
import type { RunFolder } from '../../engine/run/folder';
import type { ItemKind } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import { withModel } from '../model';
import {
  candidateRows,
  type Embedded,
  type Neighbour,
  nearest,
  readEmbedded,
  rowOf,
} from '../neighbour-search';
import { jsonOption, positiveInteger } from '../options';
import { pageWidth, print, printJson, tell } from '../output';
import { openRun } from '../places';
import { imageItem, textItems } from '../query';
import { cut, displayWidth, integer, oneLine, table } from '../text';
import { placeName } from '../words';

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

async function queryItem(run: RunFolder, { text, image }: NeighbourFlags): Promise<Items> {
  const { kind } = run.record.dataset;
  const given = text === undefined ? 'image' : 'text';
  if (kind !== given) {
    throw new UserError(
      'other-kind',
      `run ${run.id} was trained on ${kind}s: use ${takes[kind]}, not --${given}`,
    );
  }
  return text === undefined ? await imageItem(run, image as string) : textItems([text]);
}

async function look(
  run: RunFolder,
  embedded: Embedded,
  candidates: Int32Array,
  flags: NeighbourFlags,
): Promise<Neighbour[]> {
  const { k } = flags;
  if (flags.item !== undefined) {
    const row = rowOf(embedded.items, flags.item);
    const { dimensions, embeddings } = embedded;
    const query = embeddings.subarray(row * dimensions, (row + 1) * dimensions);
    return nearest(embedded, query, candidates, { k, exclude: row });
  }
  const items = await queryItem(run, flags);
  const query = await withModel(run, (model) => {
    if (model.dimensions === embedded.dimensions) return model.embedItems(items);
    throw new UserError(
      'damaged-run',
      `run ${run.id}: its embeddings are not its model's: restore them, or train again`,
    );
  });
  if (query.every((value) => value === 0)) {
    tell('warning: nothing in the query is known to the model, so every similarity is 0');
  }
  return nearest(embedded, query, candidates, { k });
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
  const run = await openRun(given);
  const embedded = await readEmbedded(run);
  const candidates = candidateRows(embedded.items);
  const found = await look(run, embedded, candidates, flags);
  if (flags.json === true) {
    for (const { rank, similarity, item } of found) {
      printJson({ rank, similarity: Number(similarity.toFixed(6)), ...item });
    }
    return;
  }
  if (candidates.length < embedded.items.length) {
    tell(
      `Among the ${integer(candidates.length)} of ${integer(embedded.items.length)} items that are answers`,
    );
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
