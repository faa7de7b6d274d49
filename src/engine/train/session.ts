import path from 'node:path';
import type { SplitName } from '../../protocol/dataset';
import type { Choice, Environment, RunConfig, TrainEvent } from '../../protocol/run';
import { withMarks } from '../batch/marked';
import { FalseNegatives } from '../batch/mask';
import { type Dataset, relationCount } from '../data/dataset';
import { type Marks, marksFile, readMarks } from '../data/marks';
import { createEncoder } from '../model/create';
import type { EncoderInputs } from '../model/encoder';
import { Model } from '../model/model';
import type { RunFolder } from '../run/folder';
import { readRunMarks, writeRunMarks } from '../run/marks-file';
import type { MetricsHistory } from '../run/metrics-log';
import { writeRelations } from '../run/relations-file';
import { Parameters } from '../tensorflow/parameters';
import { type Progress, restore } from './checkpoint';
import { withDerivedChoices } from './derived-choices';
import { contrastOf, planTraining, type TrainingPlan } from './plan-training';
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
  /** Seconds since the run began, those in which it was stopped not counted. */
  readonly clock: () => number;
  /** Milliseconds spent on looking, not on training: baselines, evaluations, checkpoints. */
  aside: number;
}

/** Builds the model and plans every step; writes the run's first record. */
export async function prepareSession(options: TrainOptions): Promise<Session> {
  const { config, run, datasetPath, signal, onProgress } = options;
  const marks = options.resume ? await readRunMarks(run.path) : await readMarks(marksFile(datasetPath));
  const dataset = withMarks(options.dataset, marks);
  const plan = planTraining(dataset, config);
  const { encoder, weights, inputs } = await createEncoder(dataset, config, {
    signal,
    onProgress: (done, total) => onProgress?.({ phase: 'tokenising', done, total }),
  });
  const checkpoint = options.resume ? await run.latestCheckpoint() : undefined;
  const restored = checkpoint && restore(checkpoint, dataset.fingerprint);
  if (restored) encoder.setConstants(restored.constants);
  const model = new Model(encoder, new Parameters(restored?.weights ?? weights, restored?.moments));

  const before = restored ? secondsSoFar(await run.readMetrics()) : 0;
  const startedAt = performance.now();
  const dev = dataset.splits.has('dev') ? 'dev' : 'train';
  const session: Session = {
    ...options,
    dataset,
    model,
    inputs,
    falseNegatives: new FalseNegatives(dataset, 'train'),
    stepsPerEpoch: plan.stepsPerEpoch,
    steps: plan.stepsPerEpoch * config.epochs,
    dev,
    final: dataset.splits.has('test') ? 'test' : dev,
    probe: probeItems(dataset, dev, config.seed),
    progress: restored?.progress ?? { step: 0, looked: 0, waited: 0 },
    clock: () => before + (performance.now() - startedAt) / 1000,
    aside: 0,
  };
  try {
    if (restored) await run.update({ state: 'running', environment: options.environment });
    else await begin(session, plan, marks);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return session;
}

/** Where the clock of an earlier part of the run stood at the last row that counts; 0 in logs of version 0.1.0. */
function secondsSoFar({ rows }: MetricsHistory): number {
  const last = rows.findLast(({ seconds }) => typeof seconds === 'number');
  return (last?.['seconds'] as number | undefined) ?? 0;
}

async function begin(session: Session, plan: TrainingPlan, marks: Marks): Promise<void> {
  const { run, dataset, datasetPath, config, choices, environment, steps, model } = session;
  const warnings = dataset.problems.filter(({ severity }) => severity !== 'info');
  // First: a folder without a record is no run, and is taken away where this fails.
  await run.writeItems(dataset);
  await writeRelations(run.path, dataset);
  await writeRunMarks(run.path, marks);
  await run.writeDescription(model.encoder.description, model.encoder.tokenizer);
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
    contrast: contrastOf(dataset, config, plan),
    ...(warnings.length > 0 && { problems: warnings }),
    steps,
    parameters: model.parameters.count,
  });
}
