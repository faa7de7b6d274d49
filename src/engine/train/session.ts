import path from 'node:path';
import type { SplitName } from '../../protocol/dataset';
import type { Choice, Environment, RunConfig, TrainEvent } from '../../protocol/run';
import { FalseNegatives } from '../batch/mask';
import { type Dataset, relationCount } from '../data/dataset';
import { createEncoder } from '../model/create';
import type { EncoderInputs } from '../model/encoder';
import { Model } from '../model/model';
import type { RunFolder } from '../run/folder';
import { Parameters } from '../tensorflow/parameters';
import { type Progress, restore } from './checkpoint';
import { withDerivedChoices } from './derived-choices';
import { planTraining, type TrainingPlan } from './plan-training';
import { probeItems } from './snapshot';

export interface TrainProgress {
  readonly phase: 'tokenising' | 'baselines' | 'training' | 'saving';
  readonly done: number;
  readonly total: number;
}

export interface TrainOptions {
  readonly dataset: Dataset;
  /** The folder or file that was given, absolute. */
  readonly datasetPath: string;
  readonly config: RunConfig;
  readonly choices: readonly Choice[];
  /** Held by this process; new, or the one to resume. */
  readonly run: RunFolder;
  readonly environment: Environment;
  /** `performance.now()` when reading the dataset began, so that throughput counts from the file on. */
  readonly startedAt: number;
  readonly onEvent: (event: TrainEvent) => void;
  readonly onProgress?: (progress: TrainProgress) => void;
  readonly signal?: AbortSignal;
  /** Goes on from the run's newest checkpoint. */
  readonly resume?: boolean;
}

/** A run in this process: the model, the plan and how far it is. */
export interface Session extends TrainOptions {
  readonly model: Model;
  readonly inputs: EncoderInputs;
  readonly falseNegatives: FalseNegatives;
  readonly stepsPerEpoch: number;
  readonly steps: number;
  /** The split that is looked at while training, and the one that the final metrics are of. */
  readonly dev: SplitName;
  readonly final: SplitName;
  readonly probe: Int32Array;
  readonly progress: Progress;
  /** Milliseconds spent on looking, not on training: baselines, evaluations, checkpoints. */
  aside: number;
}

/** Builds the model and plans every step; writes the run's first record. */
export async function prepareSession(options: TrainOptions): Promise<Session> {
  const { dataset, config, run, signal, onProgress } = options;
  const plan = planTraining(dataset, config);
  const { encoder, weights, inputs } = await createEncoder(dataset, config, {
    signal,
    onProgress: (done, total) => onProgress?.({ phase: 'tokenising', done, total }),
  });
  const checkpoint = options.resume ? await run.latestCheckpoint() : undefined;
  const restored = checkpoint && restore(checkpoint, dataset.fingerprint);
  if (restored) encoder.setConstants(restored.constants);
  const model = new Model(encoder, new Parameters(restored?.weights ?? weights, restored?.moments));

  const dev = dataset.splits.has('dev') ? 'dev' : 'train';
  const session: Session = {
    ...options,
    model,
    inputs,
    falseNegatives: new FalseNegatives(dataset, 'train'),
    stepsPerEpoch: plan.stepsPerEpoch,
    steps: plan.stepsPerEpoch * config.epochs,
    dev,
    final: dataset.splits.has('test') ? 'test' : dev,
    probe: probeItems(dataset, dev, config.seed),
    progress: restored?.progress ?? { step: 0, looked: 0, waited: 0 },
    aside: 0,
  };
  try {
    if (restored) await run.update({ state: 'running', environment: options.environment });
    else await begin(session, plan);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return session;
}

async function begin(session: Session, plan: TrainingPlan): Promise<void> {
  const { run, dataset, datasetPath, config, choices, environment, steps, model } = session;
  // First: a folder without a record is no run, and is taken away where this fails.
  await run.writeItems(dataset);
  await run.begin({
    dataset: {
      path: path.relative(run.path, datasetPath),
      layout: dataset.layout,
      kind: dataset.items.kind,
      fingerprint: dataset.fingerprint,
      splits: Object.fromEntries(
        [...dataset.splits].map(([name, split]) => [
          name,
          { items: split.items.length, relations: relationCount(split.relations) },
        ]),
      ),
    },
    config,
    choices: withDerivedChoices(choices, dataset, config, plan),
    environment,
    steps,
    parameters: model.parameters.count,
  });
}
