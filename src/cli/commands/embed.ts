import path from 'node:path';
import type { Command } from 'commander';
import type { Dataset } from '../../engine/data/dataset';
import { readTextItems } from '../../engine/data/text-items';
import { textItems } from '../../engine/explore/query-items';
import type { RunFolder } from '../../engine/run/folder';
import { writeItemsFile } from '../../engine/run/items-file';
import { writeMatrix } from '../../engine/run/npy';
import { readSettings } from '../../engine/train/settings';
import { UserError } from '../../protocol/errors';
import { embedShown, imageForm, requireFit, withModel } from '../model';
import { print, tell } from '../output';
import { openRun, shortPath } from '../places';
import { type ProgressDisplay, progressDisplay } from '../progress';
import { readShown } from '../reading';
import type { Stop } from '../stop';
import { count } from '../text';
import { readTextLines } from '../text-file';
import { problemLine } from '../words';

/** A plain text file as a dataset without relations. */
async function textDataset(file: string): Promise<Dataset> {
  const { texts, lines, empty } = await readTextLines(file);
  if (empty > 0) tell(`warning: ${count(empty, 'line')} without text left out`);
  const absolute = path.resolve(file);
  return {
    root: path.dirname(absolute),
    layout: 'pairs',
    items: textItems(texts, lines),
    labels: [],
    files: [path.basename(absolute)],
    splits: new Map(),
    columns: {},
    problems: [],
    fingerprint: '',
  };
}

async function readInput(
  run: RunFolder,
  source: string,
  { display, stop }: { display: ProgressDisplay; stop: Stop },
): Promise<Dataset> {
  if (path.extname(source).toLowerCase() === '.txt') return await textDataset(source);
  const { reading } = await readSettings(source);
  const options = { config: { ...reading, ...imageForm(run) }, signal: stop.signal, display };
  try {
    return await readShown(source, { ...options, seed: run.record.config.seed, purpose: 'use' });
  } catch (error) {
    const partnerless = error instanceof UserError && partnerCodes.has(error.code);
    if (!partnerless || run.record.dataset.kind !== 'text') throw error;
    return await readTextItems(source, options.config, stop.signal);
  }
}

/** Why a table cannot be trained on although it may hold texts: they have no label and no partner. */
const partnerCodes: ReadonlySet<string> = new Set(['no-usable-column', 'ambiguous-columns']);

async function embed(given: string, source: string, out: string, stop: Stop): Promise<void> {
  if (path.extname(out) !== '.npy') {
    throw new UserError('other-format', `--out ${out}: only .npy is written, so the name must end in .npy`);
  }
  const run = await openRun(given);
  const display = progressDisplay(false);
  const dataset = await readInput(run, source, { display, stop });
  await withModel(run, async (model) => {
    requireFit(run, model, dataset);
    for (const problem of dataset.problems.filter(({ severity }) => severity !== 'info')) {
      tell(`${problem.severity}: ${problemLine(problem)}`);
    }
    const embeddings = await embedShown(model, dataset.items, { display, stop });
    await writeItemsFile(`${out}.items.jsonl`, dataset);
    await writeMatrix(out, embeddings, model.dimensions);
    print(
      `${count(dataset.items.count, 'item')} x ${model.dimensions} float32 in ${shortPath(path.resolve(out))}`,
    );
    print(`Row by row, what they are: ${shortPath(path.resolve(`${out}.items.jsonl`))}`);
  });
}

export function addEmbed(program: Command, stop: Stop): void {
  program
    .command('embed')
    .description('the embeddings of other data, as a NumPy file')
    .argument('<run>', 'its folder, or its id')
    .argument('<source>', 'a folder or file like those trained on, or a .txt with one text per line')
    .requiredOption('--out <file>', 'the .npy to write; FILE.items.jsonl beside it says what each row is')
    .action(async (run: string, source: string, { out }: { out: string }) => {
      await embed(run, source, out, stop);
    });
}
