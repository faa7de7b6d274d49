import { modelFreeNames } from '../../engine/run/words';
import type { Finding } from '../../protocol/health';
import type { EvaluationView, RunDetails, RunHead, StepColumns } from '../../protocol/panel';
import type { RunConfig } from '../../protocol/run';
import type { Answer } from './answer';
import { headAnswer, problemsAnswer } from './runs-answer';
import type { SourceOf } from './sources';

/** All that is read of a run. */
export interface RunFacts {
  readonly head: RunHead;
  /** In order. */
  readonly steps: Pick<StepColumns, 'step' | 'loss'>;
  /** In order, that of the untrained model at step 0 included. */
  readonly evaluations: readonly EvaluationView[];
  readonly findings: readonly Finding[];
}

/** Settings, losses, metrics and health of one run, the newest evaluation first. @param most evaluations */
export function metricsAnswer(
  { head, steps, evaluations, findings }: RunFacts,
  most: number,
  shownPath: (absolute: string) => string,
  sourceOf: SourceOf,
): Answer {
  const { record, report } = head;
  const untrained = evaluations.find(({ step }) => step === 0);
  const trained = evaluations.filter(({ step }) => step > 0);
  return {
    ...headAnswer(head, shownPath),
    step: steps.step.at(-1) ?? 0,
    ...(record && recordAnswer(record)),
    ...problemsAnswer(report?.problems ?? [], sourceOf),
    health: findings,
    ...(untrained && {
      baselines: {
        untrained: untrained.metrics,
        ...(record && untrained.modelFree && { [modelFreeNames[record.dataset.kind]]: untrained.modelFree }),
      },
    }),
    evaluated: trained.length,
    evaluations: evaluationRows(trained, steps, shown(trained, most, record?.best?.step)),
  };
}

function recordAnswer(record: RunDetails): Answer {
  const { config, dataset, criterion, bounds, metrics, baselines, best } = record;
  return {
    steps: record.steps,
    splits: dataset.splits,
    backend: record.environment.backend,
    parameters: record.parameters,
    ...(record.seconds !== undefined && { seconds: record.seconds }),
    settings: settingsThatMatter(config, dataset.kind),
    chosenByTheData: record.choices,
    decidingMetric: criterion,
    ...(bounds && {
      lossBounds: { candidates: bounds.candidates, knowingNothing: bounds.chance, least: bounds.floor },
    }),
    ...(best && { best }),
    ...(metrics && {
      final: {
        trained: metrics,
        ...(baselines && {
          untrained: baselines.untrained,
          [modelFreeNames[dataset.kind]]: baselines.model_free,
        }),
      },
    }),
  };
}

/** Those of the encoder that was not trained say nothing. */
function settingsThatMatter(
  { text, image, vector, ...settings }: RunConfig,
  kind: keyof typeof modelFreeNames,
): Answer {
  return {
    ...settings,
    ...(kind === 'text' && { text }),
    ...(kind === 'image' && { image }),
    ...(kind === 'vector' && { vector }),
  };
}

/** Indexes of at most `most` evaluations, newest first: the first, the last, the best, and others evenly between. */
function shown(evaluations: readonly EvaluationView[], most: number, best: number | undefined): number[] {
  if (evaluations.length === 0) return [];
  const last = evaluations.length - 1;
  const bestAt = evaluations.findIndex(({ step }) => step === best);
  const kept = new Set([last, bestAt, 0].filter((index) => index >= 0).slice(0, most));
  // What is even may already be kept, so that there may be one or two fewer.
  const even = most - kept.size;
  for (let i = 1; i <= even; i++) kept.add(Math.round((i * last) / (even + 1)));
  return [...kept].sort((a, b) => b - a);
}

function evaluationRows(
  evaluations: readonly EvaluationView[],
  steps: RunFacts['steps'],
  indexes: readonly number[],
): Answer[] {
  return indexes.map((index) => {
    const { step, metrics } = evaluations[index] as EvaluationView;
    const trainLoss = meanLoss(steps, evaluations[index - 1]?.step ?? 0, step);
    return { step, ...(trainLoss !== undefined && { trainLoss }), ...metrics };
  });
}

/** Mean loss of the steps after `from`, up to and with `to`. */
function meanLoss({ step, loss }: RunFacts['steps'], from: number, to: number): number | undefined {
  const losses = loss.filter((value, i) => {
    const at = step[i] as number;
    return at > from && at <= to && Number.isFinite(value);
  });
  return losses.length === 0 ? undefined : losses.reduce((sum, value) => sum + value, 0) / losses.length;
}
