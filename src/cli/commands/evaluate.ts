import path from 'node:path';
import { type Command, Option } from 'commander';
import type { DatasetConfig } from '../../engine/data/config';
import { type Dataset, type Relations, relationCount, type Split } from '../../engine/data/dataset';
import { evaluateModel } from '../../engine/evaluate/evaluate';
import { datasetPath, readingOf } from '../../engine/run/data-of-run';
import type { RunFolder } from '../../engine/run/folder';
import { modelFreeNames } from '../../engine/run/words';
import { readSettings } from '../../engine/train/settings';
import { type SplitName, splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { Metrics } from '../../protocol/run';
import { metricsTable } from '../metrics-table';
import { imageForm, requireFit, withModel } from '../model';
import { jsonOption } from '../options';
import { print, printJson } from '../output';
import { openRun, shortPath } from '../places';
import { type ProgressDisplay, progressDisplay } from '../progress';
import { readShown } from '../reading';
import type { Stop } from '../stop';
import { count } from '../text';
import { warnOf } from '../warnings';

interface EvaluateFlags {
  readonly split?: SplitName;
  readonly json?: true;
}

/** What is scored, and what it is called. */
interface Part {
  readonly split: SplitName;
  /** The data names no dev or test split, and all of it is scored as a test set. */
  readonly whole: boolean;
}

function choosePart(dataset: Dataset, wanted: SplitName | undefined, own: boolean): Part {
  const { splits, root } = dataset;
  if (wanted === undefined && !own && splits.size === 1) return { split: 'train', whole: true };
  const split = wanted ?? (splits.has('test') ? 'test' : 'dev');
  if (splits.has(split)) return { split, whole: false };
  const has = [...splits.keys()].join(', ');
  const message = `${root} has no ${split} split, it has ${has}: choose one with --split`;
  throw new UserError('no-split', message, { file: root });
}

/** The data of the run as the run divided it; of other data all that it gives. */
async function readFor(
  run: RunFolder,
  folder: string | undefined,
  { display, stop }: { display: ProgressDisplay; stop: Stop },
): Promise<{ dataset: Dataset; own: boolean }> {
  const { record } = run;
  const read = async (from: string, config: DatasetConfig, purpose: 'train' | 'use'): Promise<Dataset> =>
    await readShown(from, {
      config: { ...config, ...imageForm(run) },
      seed: record.config.seed,
      purpose,
      signal: stop.signal,
      display,
    });
  if (folder !== undefined && path.resolve(folder) !== datasetPath(run)) {
    const dataset = await read(folder, (await readSettings(folder)).reading, 'use');
    if (dataset.fingerprint !== record.dataset.fingerprint) return { dataset, own: false };
    // A copy of the run's own data: its training rows must not be scored as if they were unseen.
  }
  return { dataset: await read(folder ?? datasetPath(run), readingOf(run), 'train'), own: true };
}

async function score(
  run: RunFolder,
  dataset: Dataset,
  { split, display, stop }: { split: SplitName; display: ProgressDisplay; stop: Stop },
): Promise<Metrics> {
  const { signal } = stop;
  return await withModel(run, async (model) => {
    requireFit(run, model, dataset);
    const inputs = await model.encoder.prepare(dataset.items, {
      signal,
      onProgress: (done, total) => display.show({ phase: 'preparing', done, total, unit: 'things' }),
    });
    display.clear();
    const { config } = run.record;
    return (await evaluateModel({ model, inputs, dataset, split, config, signal, withRank: true })).metrics;
  }).finally(() => display.clear());
}

async function evaluateRun(
  given: string,
  folder: string | undefined,
  flags: EvaluateFlags,
  stop: Stop,
): Promise<void> {
  const run = await openRun(given);
  const json = flags.json === true;
  const display = progressDisplay(json);
  const { dataset, own } = await readFor(run, folder, { display, stop });
  const part = choosePart(dataset, flags.split, own);
  const scored = await score(run, dataset, { split: part.split, display, stop });
  const metrics: Metrics = part.whole ? { ...scored, split: 'test' } : scored;
  if (!own) warnOf(dataset, folder ?? dataset.root);
  const { relations } = dataset.splits.get(part.split) as Split;
  const rows = relationCount(relations);
  if (json) {
    printJson({ event: 'evaluated', run: run.path, split: metrics.split, whole: part.whole, rows, metrics });
    return;
  }
  printMetrics(run, metrics, dataset.fingerprint === run.record.dataset.fingerprint);
  const named = part.whole ? 'all of the data, which names no dev or test split' : `the ${part.split} split`;
  print(`${count(rows, 'row')}${candidates(dataset, relations)}: ${named}`);
}

/** Among how many answers each query is looked up; a user's are all items of train. */
function candidates({ layout }: Dataset, relations: Relations): string {
  if (relations.type !== 'pairs' || layout === 'interactions') return '';
  return `, ${count(new Set(relations.positive).size, 'candidate')}`;
}

/** Beside the run's baselines, where those are of the same rows. */
function printMetrics(run: RunFolder, metrics: Metrics, sameData: boolean): void {
  const { baselines, dataset } = run.record;
  const columns: [string, Metrics][] = [['trained', metrics]];
  if (sameData && baselines?.untrained.split === metrics.split) {
    columns.push(['untrained', baselines.untrained], [modelFreeNames[dataset.kind], baselines.model_free]);
  }
  for (const line of metricsTable(columns)) print(line);
  print('');
  print(`Run ${shortPath(run.path)}`);
}

export function addEvaluate(program: Command, stop: Stop): void {
  program
    .command('evaluate')
    .description('the metrics of a trained run, on its own data or on another folder')
    .argument('<run>', 'its folder, or its id')
    .argument('[folder]', 'other data of the same kind (default: the data of the run)')
    .addOption(
      new Option('--split <split>', 'which part (default: test where there is one, else dev)').choices(
        splitNames,
      ),
    )
    .addOption(jsonOption('one JSON object on stdout, and nothing else there'))
    .action(async (run: string, folder: string | undefined, flags: EvaluateFlags) => {
      await evaluateRun(run, folder, flags, stop);
    });
}
