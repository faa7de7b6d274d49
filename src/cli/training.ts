import { relationCount, type Split } from '../engine/data/dataset';
import { formatMetric } from '../engine/run/words';
import { type BackendInfo, loadNative } from '../engine/tensorflow/native';
import { criterionOf } from '../engine/train/best';
import { environmentOf } from '../engine/train/environment';
import type { PreparedRun } from '../engine/train/start-run';
import { type TrainProgress, train } from '../engine/train/train';
import type { TrainEvent } from '../protocol/run';
import { backendName, warnOfSlowBackend } from './backend';
import { commandLine } from './invocation';
import { resultTable, verdict } from './metrics-table';
import { print, printJson, tell } from './output';
import { shortPath } from './places';
import type { ProgressDisplay } from './progress';
import type { Stop } from './stop';
import { count, duration, integer } from './text';
import { warnOf } from './warnings';
import { layoutNames } from './words';

export interface Training extends PreparedRun {
  readonly json: boolean;
  readonly startedAt: number;
  readonly display: ProgressDisplay;
  readonly stop: Stop;
}

/** Trains, tells of it as it goes, and hands the run back whatever happens. Returns the exit code. */
export async function runTraining(training: Training): Promise<number> {
  const { run, json, display, stop } = training;
  try {
    const backend = await loadNative();
    const outcome = await train({
      ...training,
      environment: environmentOf(backend),
      signal: stop.signal,
      ...listeners(training, backend),
    });
    display.clear();
    if (outcome.state === 'stopped') {
      tell(`Stopped. To go on: ${commandLine('resume', shortPath(run.path))}`);
      // A reader that left has not had the result, which is as if SIGPIPE had ended this.
      return stop.exitCode() || 141;
    }
    if (!json) printResult(training, outcome);
    return 0;
  } finally {
    display.clear();
    await run.releaseOrDiscard();
  }
}

function listeners(
  training: Training,
  backend: BackendInfo,
): { onEvent: (event: TrainEvent) => void; onProgress: (progress: TrainProgress) => void } {
  const { json, display, dataset, datasetPath } = training;
  const { metric } = criterionOf(dataset.layout);
  let loss: number | undefined;
  let evaluated = '';
  let first: { step: number; at: number } | undefined;
  return {
    onEvent(event) {
      if (json) printJson(event);
      if (event.event === 'started') {
        display.clear();
        if (!json) introduce(training, event, backend);
        warnOf(dataset, shortPath(datasetPath));
        warnOfSlowBackend(backend);
      }
      if (event.event === 'step') loss = event.loss;
      if (event.event === 'evaluated' && event.metrics[metric] !== undefined) {
        evaluated = `${event.split} ${metric} ${formatMetric(event.metrics[metric])}`;
      }
    },
    onProgress({ phase, done, total }) {
      if (phase !== 'training') {
        display.show({ phase, done, total, unit: 'things' });
        return;
      }
      const now = performance.now();
      first ??= { step: done, at: now };
      const stepsPerSecond = (1000 * (done - first.step)) / (now - first.at);
      const notes = [
        loss === undefined ? '' : `loss ${loss.toFixed(3)}`,
        evaluated,
        done > first.step ? `${integer(Math.round(stepsPerSecond * training.config.batchSize))} pairs/s` : '',
      ];
      display.show({
        phase,
        done,
        total,
        unit: 'steps',
        note: notes.filter((note) => note !== '').join('  '),
      });
    },
  };
}

function introduce(
  { dataset, choices, run, resume }: Training,
  { steps, parameters }: Extract<TrainEvent, { event: 'started' }>,
  backend: BackendInfo,
): void {
  const sizes = [...dataset.splits].map(
    ([name, { relations }]) => `${integer(relationCount(relations))} ${name}`,
  );
  tell(`${resume ? 'Going on with' : 'Training on'} ${layoutNames[dataset.layout]}: ${sizes.join(', ')}`);
  tell(`${backendName(backend)}; ${count(parameters, 'parameter')}, ${count(steps, 'step')}`);
  const reasons = new Map<string, string[]>();
  for (const { setting, value, because } of choices) {
    reasons.set(because, [...(reasons.get(because) ?? []), `${setting} ${value}`]);
  }
  for (const [because, settings] of reasons) tell(`${settings.join(', ')}: ${because}`);
  tell(`Run ${shortPath(run.path)}`);
}

type Completed = Extract<Awaited<ReturnType<typeof train>>, { state: 'completed' }>;

function printResult({ dataset, run }: Training, outcome: Completed): void {
  const { metrics, baselines, seconds, pairsPerSecond } = outcome;
  const kind = dataset.items.kind;
  for (const line of resultTable(metrics, baselines, kind)) print(line);
  print('');
  const scored = dataset.splits.get(metrics.split) as Split;
  const rows = relationCount(scored.relations);
  const judged = verdict(metrics, baselines, { layout: dataset.layout, kind, rows });
  if (judged !== undefined) print(judged);
  print(`${duration(seconds)} in all, ${integer(Math.round(pairsPerSecond))} pairs/s in training.`);
  const query = { text: '--text "…"', image: '--image FILE', vector: '--item ID', id: '--item ID' }[kind];
  print(`Look-ups: ${commandLine('neighbours', shortPath(run.path))} ${query}`);
}
