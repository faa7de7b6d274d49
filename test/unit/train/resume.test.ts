import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { RunFolder } from '../../../src/engine/run/folder';
import type { ConfigOverrides } from '../../../src/engine/train/overrides';
import type { TrainProgress } from '../../../src/engine/train/train';
import type { TrainEvent } from '../../../src/protocol/run';
import { readFiles } from '../data/fixtures';
import { refusal } from '../run/support';
import { bars, completed, modelBytes, type Told, trainOn, translations } from './support';

const small: ConfigOverrides = {
  epochs: 4,
  batchSize: 50,
  dimensions: 16,
  weightDecay: 0.01,
  text: { vocabularySize: 300 },
};
const impatient: ConfigOverrides = { ...small, epochs: 12, learningRate: 0.05, patience: 2 };

let dataset: Dataset;
let misled: Dataset;
let pictures: Dataset;
const whole = new Map<ConfigOverrides, Told>();
const imageRun: ConfigOverrides = { epochs: 2, batchSize: 16, dimensions: 8, image: { blocks: [4, 4] } };

beforeAll(async () => {
  dataset = await readFiles({ 'train.csv': translations(300, 1), 'dev.csv': translations(60, 2) });
  pictures = await readFiles(await bars(30));
  // Training says that each word means the next one, dev that it means itself: dev is best before training.
  const shifted = (by: number, seed: number): string =>
    csv('anchor,positive', 120, (i) => {
      const at = [i, i * 7 + seed, i * 3 + 1].map((n) => n % 40);
      return `${at.map(nonsense).join(' ')},${at.map((n) => nonsense((n + by) % 40)).join(' ')}`;
    });
  misled = await readFiles({ 'train.csv': shifted(1, 5), 'dev.csv': shifted(0, 11) });
  whole.set(small, await trainOn(dataset, small));
  whole.set(impatient, await trainOn(misled, impatient));
  whole.set(imageRun, await trainOn(pictures, imageRun));
});

type Moment = TrainEvent | TrainProgress;

/** Stops a run when `when` says so, goes on with it, and hands over both halves. */
async function stopped(
  data: Dataset,
  config: ConfigOverrides,
  when: (moment: Moment) => boolean,
): Promise<{ first: Told; second: Told }> {
  const stop = new AbortController();
  const watch = (moment: Moment): void => {
    if (when(moment)) stop.abort();
  };
  const first = await trainOn(data, config, { signal: stop.signal, onEvent: watch, onProgress: watch });
  expect(first.outcome).toEqual({ state: 'stopped' });
  expect(first.events.at(-1)?.event).toBe('stopped');
  expect((await RunFolder.open(first.run.path)).record.state).toBe('stopped');
  return { first, second: await trainOn(data, config, { resume: first.run }) };
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
  ['at the step after which a run ends early', impatient, atStep(18)],
  ['with pictures and their running statistics', imageRun, atStep(3)],
  ['with pictures, while the model is saved', imageRun, atPhase('saving')],
];

describe('a run that is stopped and goes on', () => {
  it.each(moments)('ends with the bytes of one that was not stopped: %s', async (_, config, when) => {
    const reference = whole.get(config) as Told;
    const { first, second } = await stopped(config === imageRun ? pictures : dataset, config, when);
    expect(second.run.path).toBe(first.run.path);
    expect(modelBytes(second.run) === modelBytes(reference.run)).toBe(true);
    expect(completed(second).metrics).toEqual(completed(reference).metrics);
    expect(completed(second).baselines).toEqual(completed(reference).baselines);
    const steps = (told: readonly Told[]): unknown[] =>
      told.flatMap(({ events }) => events.filter(({ event }) => event === 'step'));
    expect(steps([first, second])).toEqual(steps([reference]));
    const looks = (told: readonly Told[]): Set<string> =>
      new Set(
        told.flatMap(({ events }) =>
          events.filter(({ event }) => event === 'evaluated').map((e) => JSON.stringify(e)),
        ),
      );
    expect(looks([first, second])).toEqual(looks([reference]));
    const { record } = await RunFolder.open(second.run.path);
    expect(record.state).toBe('completed');
    expect(record.best).toEqual(reference.run.record.best);
    expect(record.config).toEqual(reference.run.record.config);
  });

  it('ended early where that was to be tried', () => {
    const { events, run } = whole.get(impatient) as Told;
    expect(events.filter(({ event }) => event === 'step').length).toBeLessThan(run.record.steps);
  });

  it('does not go on with other data', async () => {
    const stop = new AbortController();
    const first = await trainOn(dataset, small, { signal: stop.signal, onEvent: () => stop.abort() });
    const changed = { ...dataset, fingerprint: 'a'.repeat(64) };
    const error = await refusal(trainOn(changed, small, { resume: first.run }));
    expect(error.code).toBe('dataset-changed');
  });
});
