import { failureOf } from '../../protocol/errors';
import type { Baselines, Metrics, TrainEvent } from '../../protocol/run';
import { type BatchItems, batchItems } from '../batch/items';
import { planBatches } from '../batch/plan';
import { epochRows } from '../batch/rows';
import { relationCount, type Split } from '../data/dataset';
import { type Evaluation, evaluateModel } from '../evaluate/evaluate';
import { modelFreeBaseline } from '../evaluate/model-free';
import { Model } from '../model/model';
import { random } from '../random';
import type { RunFolder } from '../run/folder';
import type { MetricsRow } from '../run/metrics-log';
import { Parameters } from '../tensorflow/parameters';
import { asGood, criterionOf } from './best';
import { checkpointState, checkpointTensors } from './checkpoint';
import { learningRateAt } from './schedule';
import { prepareSession, type Session, type TrainOptions } from './session';
import { writeSnapshot } from './snapshot';
import { trainStep } from './step';

export type { TrainOptions, TrainProgress } from './session';

export type TrainOutcome =
  | {
      readonly state: 'completed';
      readonly metrics: Metrics;
      readonly baselines: Baselines;
      readonly seconds: number;
      readonly pairsPerSecond: number;
    }
  | { readonly state: 'stopped' };

/** A checkpoint is written when the last one is this old, milliseconds … */
const checkpointEvery = 10_000;
/** … and this many times as old as it took to write: large models are not held up. */
const checkpointShare = 30;

/**
 * Trains one run from the dataset to the saved model. Everything that happens is appended to the run folder and told
 * through `onEvent`. A signal stops it after the current step, with a checkpoint.
 * @throws UserError for what the user can mend; the run is then `failed`.
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const { run, signal } = options;
  let session: Session | undefined;
  try {
    session = await prepareSession(options);
    tell(session, {
      event: 'started',
      run: run.path,
      steps: session.steps,
      parameters: session.model.parameters.count,
      backend: options.environment.backend,
    });
    const baselines = await scoreBaselines(session);
    const pairs = await trainSteps(session);
    return await finish(session, baselines, pairs);
  } catch (error) {
    if (session && signal?.aborted && error === signal.reason) {
      await writeCheckpoint(session);
      await run.update({ state: 'stopped' });
      tell(session, { event: 'stopped', run: run.path });
      return { state: 'stopped' };
    }
    // What went wrong matters more than that it could not be written down.
    if (session) await recordFailure(run, error).catch(() => undefined);
    throw error;
  } finally {
    session?.model.dispose();
  }
}

function tell({ run, clock, onEvent }: Session, event: TrainEvent): void {
  const timed = event.event === 'evaluated' ? { ...event, seconds: clock() } : event;
  run.appendMetrics(timed as unknown as MetricsRow);
  onEvent(event);
}

/** The untrained model and the model-free baseline, before step 1: on dev for the charts, on the final split for the table. */
async function scoreBaselines(session: Session): Promise<Baselines> {
  const { run, dataset, progress, dev, final, signal, onProgress } = session;
  const kept = run.record.baselines;
  if (kept && progress.step > 0) return kept;
  return await aside(session, async () => {
    onProgress?.({ phase: 'baselines', done: 0, total: 2 });
    const modelFree = modelFreeBaseline(dataset, signal);
    // A resumed run that was stopped before step 1 starts at step 0 again: the model is still untrained here.
    const untrained = await evaluate(session, dev);
    await writeSnapshot(run, 0, untrained.embedded, dataset, dev, session.probe);
    run.appendMetrics({ event: 'baseline', step: 0, kind: 'untrained', metrics: untrained.metrics });
    run.appendMetrics({ event: 'baseline', step: 0, kind: 'model_free', metrics: await modelFree(dev) });
    tell(session, { event: 'evaluated', step: 0, split: dev, metrics: untrained.metrics });
    onProgress?.({ phase: 'baselines', done: 1, total: 2 });
    const baselines = {
      untrained:
        final === dev
          ? untrained.metrics
          : (await evaluate(session, final, true, untrained.embedded)).metrics,
      model_free: await modelFree(final),
    };
    await run.update({ baselines });
    onProgress?.({ phase: 'baselines', done: 2, total: 2 });
    return baselines;
  });
}

/** Runs every step that is left. Returns the number of pairs trained on in this process. */
async function trainSteps(session: Session): Promise<number> {
  const { config, dataset, steps, stepsPerEpoch, progress, signal } = session;
  let pairs = 0;
  let checkpointAt = performance.now();
  let checkpointAfter = checkpointEvery;
  const checkpointIfOld = async (): Promise<void> => {
    const from = performance.now();
    if (from - checkpointAt < checkpointAfter) return;
    await aside(session, () => writeCheckpoint(session));
    checkpointAt = performance.now();
    checkpointAfter = Math.max(checkpointEvery, checkpointShare * (checkpointAt - from));
  };
  for (;;) {
    // First of all: an evaluation that a stop cut short is owed.
    if (isDue(progress.step, session) && progress.looked < progress.step) {
      await aside(session, () => look(session));
    }
    const patient = config.patience === 0 || progress.waited < config.patience;
    if (progress.step >= steps || !patient) return pairs;
    const epoch = Math.floor(progress.step / stepsPerEpoch);
    const rows = epochRows(dataset, 'train', config.seed, epoch);
    const { batches } = planBatches(rows, stepsPerEpoch, random(config.seed, 'shuffle', epoch));
    for (const batch of batches.slice(progress.step % stepsPerEpoch)) {
      signal?.throwIfAborted();
      pairs += batch.length;
      takeStep(session, batchItems(rows, batch), epoch);
      await checkpointIfOld();
      // Lets signals and messages in.
      await new Promise(setImmediate);
      if (isDue(progress.step, session)) break;
    }
    // Fewer batches were dealt than planned, where rows had to be left out: the epoch ends all the same.
    const dealt = epoch * stepsPerEpoch + batches.length;
    if (progress.step >= dealt) progress.step = Math.max(progress.step, (epoch + 1) * stepsPerEpoch);
  }
}

/** Evaluations come at the end of every epoch and, where more are asked for, evenly inside. */
function isDue(step: number, { stepsPerEpoch, config }: Session): boolean {
  if (step === 0) return false;
  const every = Math.max(1, Math.round(stepsPerEpoch / config.evaluationsPerEpoch));
  const within = step % stepsPerEpoch;
  return within === 0 || (within % every === 0 && stepsPerEpoch - within >= every / 2);
}

function takeStep(session: Session, items: BatchItems, epoch: number): void {
  const { config, steps, progress, run, clock, onEvent, onProgress } = session;
  const step = progress.step + 1;
  const learningRate = learningRateAt(step, steps, config);
  const loss = trainStep(session, items, step, learningRate);
  progress.step = step;
  run.appendMetrics({ event: 'step', step, epoch, loss, learningRate, seconds: clock() });
  onEvent({ event: 'step', step, epoch, loss });
  onProgress?.({ phase: 'training', done: step, total: steps });
}

/** An evaluation on dev: told, drawn, and the weights kept if they are as good as the best. */
async function look(session: Session): Promise<void> {
  const { model, progress, dataset, dev, run, probe } = session;
  const { step } = progress;
  const { metrics, embedded } = await evaluate(session, dev, false);
  await writeSnapshot(run, step, embedded, dataset, dev, probe);
  tell(session, { event: 'evaluated', step, split: dev, metrics });
  run.flushMetrics();
  progress.looked = step;
  const criterion = criterionOf(dataset.layout);
  // A split too small for the metric: the newest weights are kept.
  const value = metrics[criterion.metric] ?? 0;
  const peak = progress.best?.peak ?? value;
  if (!asGood(value, peak, relationCount((dataset.splits.get(dev) as Split).relations), criterion)) {
    progress.waited++;
    return;
  }
  progress.waited = 0;
  progress.best = {
    step,
    value,
    peak: criterion.higherIsBetter ? Math.max(peak, value) : Math.min(peak, value),
    weights: model.parameters.weights(),
    constants: model.encoder.constants(),
  };
  await run.update({ best: { step, metric: criterion.metric, value } });
}

/** The best weights, their final metrics, and everything that a look-up needs. */
async function finish(session: Session, baselines: Baselines, pairs: number): Promise<TrainOutcome> {
  const { run, dataset, inputs, final, progress, startedAt, signal, onProgress } = session;
  const trainingMs = performance.now() - startedAt - session.aside;
  onProgress?.({ phase: 'saving', done: 0, total: 1 });
  const { encoder } = session.model;
  const { best } = progress;
  const last = encoder.constants();
  if (best) encoder.setConstants(best.constants);
  const model = best ? new Model(encoder, new Parameters(best.weights)) : session.model;
  try {
    const { metrics } = await evaluate({ ...session, model }, final);
    await run.writeModel(
      [...model.parameters.weights(), ...encoder.constants()],
      encoder.description,
      encoder.tokenizer,
    );
    const every = Int32Array.from({ length: dataset.items.count }, (_, item) => item);
    await run.writeEmbeddings([
      {
        name: 'embeddings',
        shape: [every.length, model.dimensions],
        data: await model.embed(inputs, every, { signal }),
      },
    ]);
    const seconds = (performance.now() - startedAt) / 1000;
    const pairsPerSecond = pairs / (trainingMs / 1000);
    await run.update({ state: 'completed', metrics, seconds, pairsPerSecond });
    tell(session, { event: 'completed', run: run.path, metrics, baselines, seconds, pairsPerSecond });
    run.flushMetrics();
    return { state: 'completed', metrics, baselines, seconds, pairsPerSecond };
  } finally {
    if (model !== session.model) model.dispose();
    // A stop in here must not write the best run's statistics as the current ones.
    encoder.setConstants(last);
  }
}

async function evaluate(
  session: Session,
  split: Session['dev'],
  withRank = true,
  known?: Evaluation['embedded'],
): Promise<Evaluation> {
  const { model, inputs, dataset, config, signal, progress } = session;
  const { step } = progress;
  return await evaluateModel({ model, inputs, dataset, split, config, signal, step, withRank, known });
}

async function writeCheckpoint(session: Session): Promise<void> {
  const { run, model, progress, dataset } = session;
  await run.writeCheckpoint(
    progress.step,
    checkpointTensors(model, progress),
    checkpointState(progress, dataset.fingerprint),
  );
}

/** Keeps the time of looking apart from the time of training. */
async function aside<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  try {
    return await work();
  } finally {
    session.aside += performance.now() - from;
  }
}

async function recordFailure(run: RunFolder, error: unknown): Promise<void> {
  const failure = failureOf(error);
  run.appendMetrics({ event: 'failed', ...failure });
  await run.update({ state: 'failed', failure });
}
