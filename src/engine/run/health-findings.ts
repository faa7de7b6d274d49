import type { Finding } from '../../protocol/health';
import type { EvaluationView } from '../../protocol/panel';
import type { MetricName } from '../../protocol/run';
import { asGood, standardError } from '../train/best';
import type { HealthView } from './health';
import { histogramMean, named, type Window, whole } from './health-figures';
import { type Judgement, judge } from './judgement';
import { formatMetric } from './words';

type Found = Finding | undefined;

/** A loss or a weight left the range of float32; the run has ended there. */
export function nonFinite({ record }: HealthView): Found {
  const { failure } = record;
  if (failure?.code !== 'non-finite-loss') return undefined;
  return {
    code: 'non-finite',
    severity: 'error',
    title: 'The numbers left the range of float32',
    evidence: `${failure.message}.`,
    advice: `Lower learningRate (now ${record.config.learningRate}) by a factor of ten, or raise temperature (now ${record.config.temperature}).`,
  };
}

/** Below it, a wrong candidate that is closer by a tenth of the whole axis already costs more than 10 nats. */
const sharpTemperature = 0.02;
/** A loss of more than this share of the chance level is worse than guessing, beyond the noise of batches. */
const aboveChance = 1.1;

/**
 * The temperature divides the cosines, so at 0.001 a wrong candidate that is closer by 0.01 costs 10 nats, more than
 * guessing among 22,000 candidates. Sign: below 0.02, and a loss above the chance level, on dev or in training, which no
 * model has that merely does not know.
 */
export function temperatureLow({ record, bounds, trained, windows }: HealthView): Found {
  const { temperature } = record.config;
  if (temperature >= sharpTemperature || !bounds) return undefined;
  const last = trained.at(-1)?.metrics;
  const losses = [
    { of: `${last?.split} loss`, loss: last?.loss },
    { of: 'training loss', loss: windows.at(-1)?.loss },
  ];
  const above = losses.find(({ loss }) => loss !== undefined && loss > aboveChance * bounds.chance);
  if (above === undefined) return undefined;
  return {
    code: 'temperature-low',
    severity: 'warning',
    title: 'The temperature is too low',
    evidence: `At temperature ${temperature} the ${above.of} is ${formatMetric(above.loss)}, above the ${formatMetric(bounds.chance)} of guessing: single mistakes outweigh everything else.`,
    advice: 'Raise temperature to 0.05 or more.',
  };
}

/** Uniformity is 0 where all embeddings are one, and about -3.9 where they are spread over the sphere. */
const oneSpot = -0.2;
/** Mean cosine of pairs that do not belong together: 0 for random directions. */
const sameDirection = 0.95;
/** Effective dimensions. */
const oneDimension = 1.5;

/**
 * All embeddings in one spot (uniformity above -0.2 and negatives with a mean cosine above 0.95: images and vectors begin
 * close to each other, but training drives them apart), or along one line (rank below 1.5).
 */
export function collapse({ record, trained, criterion }: HealthView): Found {
  const last = trained.at(-1);
  if (last === undefined) return undefined;
  const { uniformity } = last.metrics;
  const rank = record.metrics?.rank;
  const cosine = last.histogram && histogramMean(last.histogram.negatives);
  const spot = uniformity !== undefined && uniformity > oneSpot && (cosine ?? 1) > sameDirection;
  const line = rank !== undefined && rank < oneDimension && record.config.dimensions > 1;
  if (!spot && !line) return undefined;
  const figures = [
    ...(uniformity === undefined ? [] : [`uniformity ${formatMetric(uniformity)} (0 is one point)`]),
    ...(cosine === undefined ? [] : [`mean similarity of negatives ${cosine.toFixed(3)}`]),
    ...(rank === undefined ? [] : [`effective rank ${rank.toFixed(1)} of ${record.config.dimensions}`]),
    ...metricFigure(last, criterion.metric),
  ];
  return {
    code: 'collapse',
    severity: 'error',
    title: spot ? 'Every embedding points the same way' : 'The embeddings lie along one line',
    evidence: `At step ${whole(last.step)}: ${figures.join(', ')}.`,
    advice: `Lower learningRate (now ${record.config.learningRate}), and see that a batch holds different labels (batchSize is ${record.config.batchSize}).`,
  };
}

function metricFigure({ metrics }: EvaluationView, metric: MetricName): string[] {
  const value = metrics[metric];
  return value === undefined ? [] : [`${metrics.split} ${metric} ${formatMetric(value)}`];
}

/** A rise of the smoothed training loss of this share of the chance level is no noise of batches. */
const risenBy = 0.1;
/** A window whose loss is below this share of the one before is still on its way down. */
const stillFalling = 0.95;

/** Steps that are too long: the smoothed loss is far above where it has been, or stays above the chance level. */
export function learningRateHigh({ record, windows, bounds }: HealthView): Found {
  const last = windows.at(-1);
  const lowest = lowestOf(windows);
  if (!bounds || !last || !lowest || windows.length < 3) return undefined;
  const { chance } = bounds;
  const risen = last.loss > lowest.loss + risenBy * chance && last.loss > 1.2 * lowest.loss;
  const before = windows.at(-2) as Window;
  const above = last.loss > aboveChance * chance && last.loss > stillFalling * before.loss;
  if (!risen && !above) return undefined;
  const from = risen
    ? `rose from ${formatMetric(lowest.loss)} (around step ${whole(lowest.step)}) to ${formatMetric(last.loss)}`
    : `is ${formatMetric(last.loss)}`;
  return {
    code: 'learning-rate-high',
    severity: 'warning',
    title: 'The training loss does not stay down',
    evidence: `The smoothed training loss ${from}; guessing gives ${formatMetric(chance)}.`,
    advice: `Lower learningRate (now ${record.config.learningRate}) to a third, or raise warmup (now ${record.config.warmup}).`,
  };
}

function lowestOf(windows: readonly Window[]): Window | undefined {
  return windows.reduce<Window | undefined>(
    (best, window) => (best === undefined || window.loss < best.loss ? window : best),
    undefined,
  );
}

/** Share of the chance level above which the loss tells nothing apart: the noise of batches is about a hundredth. */
const nearChance = 0.97;
/** Steps after which a model that can learn has begun to. */
const patientSteps = 100;

/** The loss is still that of guessing, after 100 steps or at the end. */
export function stuckAtChance({ record, windows, bounds, lastStep }: HealthView): Found {
  const last = windows.at(-1);
  const ended = record.state === 'completed';
  if (!bounds || !last || (!ended && lastStep < patientSteps) || last.loss < nearChance * bounds.chance)
    return undefined;
  const { learningRate, dimensions } = record.config;
  return {
    code: 'stuck-at-chance',
    severity: 'warning',
    title: 'Nothing has been learnt yet',
    evidence: `After ${whole(lastStep)} steps the training loss is ${formatMetric(last.loss)}; guessing among ${bounds.candidates.toFixed(0)} candidates gives ${formatMetric(bounds.chance)}.`,
    advice: `Change learningRate (now ${learningRate}) by a factor of ten, up or down; then see whether the pairs or labels are the right ones (${dimensions} dimensions are seldom too few).`,
  };
}

/** Share of the steps before which a run may still be below the baselines. */
const halfWay = 0.5;

/** Below the untrained model or the model-free baseline by more than the sampling error, at the end or half-way. */
export function belowBaseline(view: HealthView): Found {
  const judgement = judgementOf(view);
  const worse = judgement?.standings.filter(({ standing }) => standing === 'below') ?? [];
  if (judgement === undefined || worse.length === 0) return undefined;
  const { record, lastStep } = view;
  const ended = record.state === 'completed';
  const { metric, value } = judgement;
  return {
    code: 'below-baseline',
    severity: 'warning',
    title: `${ended ? 'Below' : 'Still below'} the baseline`,
    evidence: `${metric} ${formatMetric(value)} is worse than ${named(worse)}${ended ? '' : `, after ${whole(lastStep)} of ${whole(record.steps)} steps`}.`,
    advice: `Train longer (epochs is ${record.config.epochs}), try another learningRate (now ${record.config.learningRate}), or use the baseline: it is better on this data.`,
  };
}

/** The final figures against the baselines on the same split; before, the best of dev against those on dev. */
function judgementOf({ record, first, trained, criterion, lastStep }: HealthView): Judgement | undefined {
  const { layout, kind, splits } = record.dataset;
  const on = (split: EvaluationView['metrics']['split']) => ({
    layout,
    kind,
    rows: splits[split]?.relations ?? 0,
  });
  const { metrics, baselines } = record;
  if (metrics && baselines) {
    return judge(metrics, baselines.untrained, baselines.model_free, on(metrics.split));
  }
  const best = bestOf(trained, criterion);
  if (!first || !best || lastStep < halfWay * record.steps) return undefined;
  return judge(best.metrics, first.metrics, first.modelFree, on(best.metrics.split));
}

function bestOf(
  trained: readonly EvaluationView[],
  { metric, higherIsBetter }: HealthView['criterion'],
): EvaluationView | undefined {
  const known = trained.filter(({ metrics }) => Number.isFinite(metrics[metric]));
  const sign = higherIsBetter ? 1 : -1;
  return known.reduce<EvaluationView | undefined>(
    (best, one) =>
      best === undefined || sign * (one.metrics[metric] as number) > sign * (best.metrics[metric] as number)
        ? one
        : best,
    undefined,
  );
}

/** A dev loss that rose by this share from its lowest, and by this share of the chance level (near 0 any rise is a large share) … */
const devRise = 0.05;
const devRiseOfChance = 0.01;
/** … while the training loss fell by this share in the meantime. */
const trainFall = 0.05;

/**
 * Training goes on to fit its own rows: the training loss still falls, but dev has turned. A warning where the metric
 * that decides fell by more than two standard errors from its best, a note where only the dev loss rises (confidence grows
 * where the ranking stays).
 */
export function overfitting(view: HealthView): Found {
  const { record, windows, trained, criterion, bounds } = view;
  const last = trained.at(-1);
  const best = bestOf(trained, criterion);
  const lowest = bestOf(trained, { metric: 'loss', higherIsBetter: false });
  if (!last || !best || !lowest || last.metrics.split === 'train') return undefined;
  const { metric } = criterion;
  const rows = record.dataset.splits[last.metrics.split]?.relations ?? 0;
  const [now, peak] = [last.metrics[metric] ?? 0, best.metrics[metric] ?? 0];
  const error = 2 * standardError(metric, peak, rows);
  const metricFell = metric !== 'loss' && Math.abs(peak - now) > error && !asGood(now, peak, rows, criterion);
  const [lossNow, lossLowest] = [last.metrics.loss ?? 0, lowest.metrics.loss ?? 0];
  const rise = Math.max(devRise * lossLowest, devRiseOfChance * (bounds?.chance ?? 1));
  const lossRose = lossNow > lossLowest + rise;
  const since = metricFell ? best : lowest;
  if ((!metricFell && !lossRose) || !trainingFell(windows, since.step)) return undefined;
  const turned = metricFell
    ? `${last.metrics.split} ${metric} fell from ${formatMetric(peak)} (step ${whole(best.step)}) to ${formatMetric(now)}`
    : `${last.metrics.split} loss rose from ${formatMetric(lossLowest)} (step ${whole(lowest.step)}) to ${formatMetric(lossNow)}`;
  const kept = record.best ? ` The weights of step ${whole(record.best.step)} are kept.` : '';
  return {
    code: 'overfitting',
    severity: metricFell ? 'warning' : 'info',
    title: 'It learns its own rows by heart',
    evidence: `${turned}, while the training loss went on falling.${kept}`,
    advice: `Fewer epochs (now ${record.config.epochs}), more weightDecay (now ${record.config.weightDecay}), or more data.`,
  };
}

function trainingFell(windows: readonly Window[], since: number): boolean {
  const then = windows.find(({ step }) => step >= since);
  const last = windows.at(-1);
  return then !== undefined && last !== undefined && last.loss < (1 - trainFall) * then.loss;
}

/** What the pre-flight found on both sides of the split. */
export function leakage({ problems }: HealthView): Finding[] {
  return problems
    .filter(({ code }) => code === 'leakage')
    .map(({ message }) => ({
      code: 'leakage',
      severity: 'warning',
      title: 'The same rows are in training and in evaluation',
      evidence: `${message}.`,
      advice: 'Remove them from one side, or leave the split to the program: the figures flatter the model.',
    }));
}

/** Good news, with the figures; or that nothing has moved, where no fault was found. */
export function learning(view: HealthView): Found {
  const { first, trained, criterion, record } = view;
  const best = bestOf(trained, criterion);
  if (!first || !best) return undefined;
  const { metric, higherIsBetter } = criterion;
  const [from, to] = [first.metrics[metric], best.metrics[metric]];
  if (from === undefined || to === undefined) return undefined;
  const judgement = judgementOf(view);
  const beside = judgement
    ? ` ${judgement.metric} ${formatMetric(judgement.value)} stands beside ${named(judgement.standings)}.`
    : '';
  const evidence = `${best.metrics.split} ${metric} went from ${formatMetric(from)} to ${formatMetric(to)} (step ${whole(best.step)}).${beside}`;
  if (higherIsBetter ? to > from : to < from) {
    const title = record.state === 'completed' ? 'It has learnt' : 'It is learning';
    return { code: 'learning', severity: 'good', title, evidence };
  }
  return {
    code: 'no-change',
    severity: 'info',
    title: 'Not better than the untrained model',
    evidence,
    advice: `Train longer (epochs is ${record.config.epochs}), or try another learningRate (now ${record.config.learningRate}).`,
  };
}
