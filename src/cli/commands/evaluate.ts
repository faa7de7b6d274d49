import { type Command, Option } from 'commander';
import { datasetConfigSchema } from '../../engine/data/config';
import type { Dataset } from '../../engine/data/dataset';
import { evaluateModel } from '../../engine/evaluate/evaluate';
import type { RunFolder } from '../../engine/run/folder';
import { type SplitName, splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { Metrics } from '../../protocol/run';
import { metricsTable } from '../metrics-table';
import { imageForm, requireFit, withModel } from '../model';
import { jsonOption } from '../options';
import { print, printJson } from '../output';
import { datasetPath, openRun, shortPath } from '../places';
import { type ProgressDisplay, progressDisplay } from '../progress';
import { readShown } from '../reading';
import { readSettings } from '../settings';
import type { Stop } from '../stop';
import { modelFreeNames } from '../words';

interface EvaluateFlags {
  readonly split?: SplitName;
  readonly json?: true;
}

function chooseSplit(dataset: Dataset, wanted: SplitName | undefined): SplitName {
  const split = wanted ?? (dataset.splits.has('test') ? 'test' : 'dev');
  if (dataset.splits.has(split)) return split;
  const has = [...dataset.splits.keys()].join(', ');
  throw new UserError(
    'no-split',
    `${dataset.root} has no ${split} split, it has ${has}: choose one with --split`,
    {
      file: dataset.root,
    },
  );
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
  const { record } = run;
  const json = flags.json === true;
  const reading =
    folder === undefined
      ? datasetConfigSchema.parse(record.dataset.reading ?? {})
      : (await readSettings(folder)).reading;
  const display = progressDisplay(json);
  const dataset = await readShown(folder ?? datasetPath(run), {
    config: { ...reading, ...imageForm(run) },
    seed: record.config.seed,
    signal: stop.signal,
    display,
  });
  const split = chooseSplit(dataset, flags.split);
  const metrics = await score(run, dataset, { split, display, stop });
  if (json) printJson({ event: 'evaluated', run: run.path, split, metrics });
  else printMetrics(run, metrics, dataset.fingerprint === record.dataset.fingerprint);
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
