import type { Command } from 'commander';
import { chooseConfig } from '../../engine/train/defaults';
import { layer, readSettings } from '../../engine/train/settings';
import { defaultSeed, startRun } from '../../engine/train/start-run';
import { jsonOption, type SettingValues, settingOptions, settingValues } from '../options';
import { defaultRunsDir } from '../places';
import { progressDisplay } from '../progress';
import { readShown } from '../reading';
import type { Stop } from '../stop';
import { runTraining } from '../training';

interface TrainFlags extends SettingValues {
  readonly runs?: string;
  readonly config?: string;
  readonly name?: string;
  readonly json?: true;
}

async function trainFolder(folder: string, flags: TrainFlags, stop: Stop): Promise<number> {
  const startedAt = performance.now();
  const json = flags.json === true;
  const { reading, train } = await readSettings(folder, flags.config);
  const overrides = layer({ seed: defaultSeed, ...train }, settingValues(flags));
  const display = progressDisplay(json);
  try {
    const seed = overrides.seed ?? defaultSeed;
    const dataset = await readShown(folder, { config: reading, seed, signal: stop.signal, display });
    // A look at large data takes a while, in which nothing else is seen.
    display.show({ phase: 'preparing', done: 0, unit: 'things' });
    const chosen = await chooseConfig(dataset, overrides, stop.signal);
    const { name } = flags;
    const runsDir = flags.runs ?? defaultRunsDir(folder);
    const prepared = await startRun(dataset, chosen, { folder, runsDir, name, reading });
    return await runTraining({ ...prepared, json, startedAt, display, stop });
  } finally {
    display.clear();
  }
}

export function addTrain(program: Command, stop: Stop): void {
  const command = program
    .command('train')
    .description('train a model on a folder of data, or on one data file')
    .argument('<folder>', 'the data')
    .option('--runs <dir>', 'where the run goes (default: .infonce/runs beside the folder)')
    .option('--config <file>', 'settings like those of infonce.json, which they override');
  for (const option of settingOptions) command.addOption(option);
  command
    .option('--name <text>', 'what the run is called')
    .addOption(jsonOption())
    .action(async (folder: string, flags: TrainFlags) => {
      process.exitCode = await trainFolder(folder, flags, stop);
    });
}
