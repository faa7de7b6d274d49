import { type Command, Option } from 'commander';
import { datasetConfigSchema } from '../../engine/data/config';
import { evaluateModel } from '../../engine/evaluate/evaluate';
import type { RunFolder } from '../../engine/run/folder';
import { type SplitName, splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { Metrics } from '../../protocol/run';
import { metricsTable } from '../metrics-table';
import { requireSameKind, withModel } from '../model';
import { jsonOption } from '../options';
import { print, printJson } from '../output';
import { datasetPath, openRun, shortPath } from '../places';
import { progressDisplay } from '../progress';
import { readShown } from '../reading';
import { readSettings } from '../settings';
import type { Stop } from '../stop';
import { modelFreeNames } from '../words';

interface EvaluateFlags {
  readonly split?: SplitName;
  readonly json?: true;
}

async function evaluateRun(
  given: string,
  folder: string | undefined,
  flags: EvaluateFlags,
  stop: Stop,
): Promise<void> {
  const run = await openRun(given);
  const { record } = run;
  const reading = record.dataset.reading ?? {};
  const config =
    folder === undefined ? datasetConfigSchema.parse(reading) : (await readSettings(folder)).reading;
  const display = progressDisplay(flags.json === true);
  const { signal } = stop;
  const data = folder ?? datasetPath(run);
  const dataset = await readShown(data, {
    config: imageForm(run, config),
    seed: record.config.seed,
    signal,
    display,
  });
  requireSameKind(run, dataset);
  const split = flags.split ?? (dataset.splits.has('test') ? 'test' : 'dev');
  if (!dataset.splits.has(split)) {
    const has = [...dataset.splits.keys()].join(', ');
    throw new UserError('no-split', `${data} has no ${split} split, it has ${has}: choose one with --split`);
  }
  const metrics = await withModel(run, async (model) => {
    const inputs = await model.encoder.prepare(dataset.items, {
      signal,
      onProgress: (done, total) => display.show({ phase: 'preparing', done, total, unit: 'things' }),
    });
    display.clear();
    return (await evaluateModel({ model, inputs, dataset, split, config: record.config, signal })).metrics;
  }).finally(() => display.clear());
  if (flags.json === true) printJson({ event: 'evaluated', run: run.path, split, metrics });
  else printMetrics(run, metrics, dataset.fingerprint === record.dataset.fingerprint);
}

/** Images are brought to the form that the model takes. */
export function imageForm<
  T extends { image?: { size?: number | undefined; channels?: 1 | 3 | undefined } | undefined },
>(run: RunFolder, config: T): T {
  if (run.record.dataset.kind !== 'image') return config;
  const { size, channels } = run.record.config.image;
  return { ...config, image: { size, channels } };
}

/** Beside the run's baselines, where those are of the same rows. */
function printMetrics(run: RunFolder, metrics: Metrics, sameData: boolean): void {
  const { baselines, dataset } = run.record;
  const comparable = sameData && baselines !== undefined && baselines.untrained.split === metrics.split;
  const table = metricsTable([
    ['trained', metrics],
    ...(comparable
      ? ([
          ['untrained', baselines.untrained],
          [modelFreeNames[dataset.kind], baselines.model_free],
        ] as const)
      : []),
  ]);
  for (const line of table) print(line);
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
