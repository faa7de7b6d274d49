import type { Problem } from '../../protocol/dataset';
import type { Finding } from '../../protocol/health';
import type { EvaluationView, RunDetails } from '../../protocol/panel';
import type { RunRecord } from '../../protocol/run';
import { type Criterion, criterionOf } from '../train/best';
import { details } from './details';
import { lossWindows, type Window, whole } from './health-figures';
import * as findings from './health-findings';
import type { Steps } from './step-buffer';

/** What a run has shown of itself so far. */
export interface HealthFacts {
  readonly record: RunRecord;
  /** All steps so far. */
  readonly steps: Pick<Steps, 'step' | 'loss'>;
  /** All evaluations so far, step 0 included. */
  readonly evaluations: readonly EvaluationView[];
  /** Of the pre-flight; those in the record where they are not given. */
  readonly problems?: readonly Problem[];
}

/** The same, with what several findings rest on. */
export interface HealthView {
  readonly record: RunRecord;
  readonly problems: readonly Problem[];
  readonly criterion: Criterion;
  readonly bounds: RunDetails['bounds'];
  /** Smoothed training loss, in order. */
  readonly windows: readonly Window[];
  readonly lastStep: number;
  /** The evaluation of the untrained model. */
  readonly first: EvaluationView | undefined;
  /** The evaluations since, in order. */
  readonly trained: readonly EvaluationView[];
}

/** Fewer evaluations of trained weights than this say nothing about a trend. */
const fewestEvaluations = 3;

/**
 * What is going on in a run, in words with the figures behind them: faults first, then warnings, then the rest. A pure
 * function of the facts; the thresholds and their reasons stand with each finding.
 */
export function readHealth(facts: HealthFacts): Finding[] {
  const { record, steps, evaluations } = facts;
  const view: HealthView = {
    record,
    problems: facts.problems ?? record.problems ?? [],
    criterion: criterionOf(record.dataset.layout),
    bounds: details(record).bounds,
    windows: lossWindows(steps),
    lastStep: steps.step.at(-1) ?? 0,
    first: evaluations.find(({ step }) => step === 0),
    trained: evaluations.filter(({ step }) => step > 0),
  };
  const found = [
    // Of these the first that holds explains the others.
    findings.nonFinite(view) ??
      findings.temperatureLow(view) ??
      findings.collapse(view) ??
      findings.learningRateHigh(view) ??
      findings.stuckAtChance(view),
    findings.belowBaseline(view),
    findings.overfitting(view),
    ...findings.leakage(view),
  ];
  const early = tooEarly(view);
  const told = found.filter((finding) => finding !== undefined);
  // A note is no reason to keep the good news back.
  const well = told.every(({ severity }) => severity === 'info');
  const rest = early ?? (well ? findings.learning(view) : undefined);
  return [...told, ...(rest ? [rest] : [])].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
}

const severities: readonly Finding['severity'][] = ['error', 'warning', 'info', 'good'];

function tooEarly({ trained, record, lastStep }: HealthView): Finding | undefined {
  const count = trained.length;
  if (count >= fewestEvaluations) return undefined;
  const ended = record.state !== 'running';
  return {
    code: 'few-evaluations',
    severity: 'info',
    title: ended ? 'Too few evaluations to see a trend' : 'Too early to tell',
    evidence: `${count} of at least ${fewestEvaluations} evaluations after training began, at step ${whole(lastStep)} of ${whole(record.steps)}.`,
    ...(ended && { advice: 'Raise evaluationsPerEpoch or epochs.' }),
  };
}
