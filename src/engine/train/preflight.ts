import type { InspectReport } from '../../protocol/dataset';
import type { RunConfig } from '../../protocol/run';
import type { Dataset } from '../data/dataset';
import { type InspectSettings, inspectFolder } from '../data/inspect';
import type { ReadOptions } from '../data/read';
import { chooseConfig } from './defaults';
import { estimateRun } from './estimate';
import { planTraining } from './plan-training';
import { readSettings, type Settings } from './settings';
import { defaultSeed } from './start-run';

/** What a training with this configuration will be like. @throws UserError where nothing can be learnt from the data with it. */
export function planned(dataset: Dataset, config: RunConfig): InspectSettings {
  const plan = planTraining(dataset, config);
  const batchSize = Math.min(config.batchSize, Math.ceil(plan.rows.anchor.length / plan.stepsPerEpoch));
  return { batchSize, estimate: estimateRun(dataset, config, plan) };
}

/** The pre-flight of a folder, with its own `infonce.json`; nothing is trained. */
export async function inspectForTraining(
  folder: string,
  options: Pick<ReadOptions, 'signal' | 'onProgress'>,
): Promise<InspectReport> {
  let settings: Settings | undefined;
  return await inspectFolder(folder, {
    ...options,
    seed: defaultSeed,
    async settings(dataset) {
      settings ??= await readSettings(folder);
      return planned(dataset, (await chooseConfig(dataset, settings.train, options.signal)).config);
    },
  });
}
