import { rmSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { openCheckpointModel } from '../../../src/engine/model/open';
import { type Checkpoint, checkpointPart } from '../../../src/engine/run/checkpoints';
import { RunFolder } from '../../../src/engine/run/folder';
import type { ConfigOverrides } from '../../../src/engine/train/overrides';
import type { TrainProgress } from '../../../src/engine/train/train';
import type { TrainEvent } from '../../../src/protocol/run';
import { readFiles } from '../data/fixtures';
import { refusal } from '../run/support';
import { bars, completed, modelBytes, shifted, type Told, trainOn, translations } from './support';

const small: ConfigOverrides = {
  epochs: 4,
  batchSize: 50,
  dimensions: 16,
  weightDecay: 0.01,
  text: { vocabularySize: 300 },
};
const impatient: ConfigOverrides = {
  ...small,
  epochs: 12,
  learningRate: 0.2,
  warmup: 1,
  temperature: 1,
  patience: 2,
};

const imageRun: ConfigOverrides = { epochs: 2, batchSize: 16, dimensions: 8, image: { blocks: [4, 4] } };

/** The data of each configuration, and its run from end to end. */
const data = new Map<ConfigOverrides, Dataset>();
const whole = new Map<ConfigOverrides, Told>();

beforeAll(async () => {
  data.set(small, await readFiles({ 'train.csv': translations(300, 1), 'dev.csv': translations(60, 2) }));
  // Training says that words mean the next ones, dev that they mean themselves: it goes well, and then it does not.
  data.set(impatient, await readFiles({ 'train.csv': shifted(200, 1, 1), 'dev.csv': shifted(400, 2, 0) }));
  data.set(imageRun, await readFiles(await bars(30)));
  for (const [config, dataset] of data) whole.set(config, await trainOn(dataset, config));
});

type Moment = TrainEvent | TrainProgress;

/** Stops a run when `when` says so, goes on with it, and hands over both halves. */
async function stopped(
  config: ConfigOverrides,
  when: (moment: Moment) => boolean,
): Promise<{ first: Told; second: Told }> {
  const dataset = data.get(config) as Dataset;
  const stop = new AbortController();
  const watch = (moment: Moment): void => {
    if (when(moment)) stop.abort();
  };
  const first = await trainOn(dataset, config, { signal: stop.signal, onEvent: watch, onProgress: watch });
  expect(first.outcome).toEqual({ state: 'stopped' });
  expect(first.events.at(-1)?.event).toBe('stopped');
  expect((await RunFolder.open(first.run.path)).record.state).toBe('stopped');
  return { first, second: await trainOn(dataset, config, { resume: first.run }) };
}

const atStep = (wanted: number) => (moment: Moment) =>
  'event' in moment && moment.event === 'step' && moment.step === wanted;
const atPhase = (wanted: string) => (moment: Moment) => 'phase' in moment && moment.phase === wanted;

const moments: readonly [string, ConfigOverrides, (moment: Moment) => boolean][] = [
  ['while the baselines are scored', small, atPhase('baselines')],
  ['after the first step', small, atStep(1)],
  ['in the middle of an epoch', small, atStep(9)],
  ['at a step that is evaluated', small, atStep(12)],
  ['after an evaluation', small, (m) => 'event' in m && m.event === 'evaluated' && m.step === 6],
  ['at the last step', small, atStep(24)],
  ['while the model is saved', small, atPhase('saving')],
  ['while the model of a run that ended early is saved', impatient, atPhase('saving')],
  ['at the step after which a run ends early', impatient, atStep(20)],
  ['with pictures and their running statistics', imageRun, atStep(3)],
  ['with pictures, while the model is saved', imageRun, atPhase('saving')],
];

const steps = (told: readonly Told[]): unknown[] =>
  told.flatMap(({ events }) => events.filter(({ event }) => event === 'step'));

const looks = (told: readonly Told[]): Set<string> =>
  new Set(
    told.flatMap(({ events }) =>
      events.filter(({ event }) => event === 'evaluated').map((e) => JSON.stringify(e)),
    ),
  );

describe('a run that is stopped and goes on', () => {
  it.each(moments)('ends with the bytes of one that was not stopped: %s', async (_, config, when) => {
    const reference = whole.get(config) as Told;
    const { first, second } = await stopped(config, when);
    expect(second.run.path).toBe(first.run.path);
    expect(modelBytes(second.run) === modelBytes(reference.run)).toBe(true);
    expect(completed(second).metrics).toEqual(completed(reference).metrics);
    expect(completed(second).baselines).toEqual(completed(reference).baselines);
    expect(steps([first, second])).toEqual(steps([reference]));
    expect(looks([first, second])).toEqual(looks([reference]));
    const { record } = await RunFolder.open(second.run.path);
    expect(record.state).toBe('completed');
    expect(record.best).toEqual(reference.run.record.best);
    expect(record.config).toEqual(reference.run.record.config);
  });

  it('begins anew where nothing was kept, as after a crash', async () => {
    const stop = new AbortController();
    const dataset = data.get(small) as Dataset;
    const first = await trainOn(dataset, small, { signal: stop.signal, onEvent: () => stop.abort() });
    rmSync(path.join(first.run.path, 'checkpoints'), { recursive: true });
    const second = await trainOn(dataset, small, { resume: first.run });
    expect(modelBytes(second.run) === modelBytes((whole.get(small) as Told).run)).toBe(true);
  });

  it('ended early where that was to be tried', () => {
    const { events, run } = whole.get(impatient) as Told;
    expect(events.filter(({ event }) => event === 'step').length).toBe(20);
    expect(run.record.steps).toBe(48);
  });

  it('is looked into by its checkpoint, before there is a model', async () => {
    const stop = new AbortController();
    const dataset = data.get(imageRun) as Dataset;
    const { run } = await trainOn(dataset, imageRun, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.event === 'step' && event.step === 3) stop.abort();
      },
    });
    const opened = await RunFolder.open(run.path);
    expect((await refusal(opened.readModel())).code).toBe('no-model');
    const { model, step } = (await openCheckpointModel(opened)) as NonNullable<
      Awaited<ReturnType<typeof openCheckpointModel>>
    >;
    expect(step).toBe(3);
    const embedded = await model.embedItems(dataset.items);
    expect(embedded.length).toBe(dataset.items.count * 8);
    const [weight] = checkpointPart((await opened.latestCheckpoint()) as Checkpoint, 'weight');
    expect(model.parameters.weights()[0]?.data).toEqual(weight?.data);
    model.dispose();
    rmSync(path.join(run.path, 'checkpoints'), { recursive: true });
    expect(await openCheckpointModel(opened)).toBeUndefined();
  });

  it('does not go on with other data', async () => {
    const stop = new AbortController();
    const dataset = data.get(small) as Dataset;
    const first = await trainOn(dataset, small, { signal: stop.signal, onEvent: () => stop.abort() });
    const changed = { ...dataset, fingerprint: 'a'.repeat(64) };
    const error = await refusal(trainOn(changed, small, { resume: first.run }));
    expect(error.code).toBe('dataset-changed');
  });
});
