import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { details } from '../../src/engine/run/details';
import { RunFollower } from '../../src/engine/run/follow';
import type { Finding } from '../../src/protocol/health';
import type { EvaluationView, RunHead, StepColumns } from '../../src/protocol/panel';
import { cli } from '../cli/support';

/** All that a panel is told of one run. */
export interface Recorded {
  readonly folder: string;
  readonly head: RunHead;
  readonly steps: StepColumns;
  readonly evaluations: readonly EvaluationView[];
  readonly findings: readonly Finding[];
}

/** Trains a run with the built program. Returns its folder. */
export function trainRun(dataset: string, runs: string, ...settings: string[]): string {
  const before = new Set(safeList(runs));
  execFileSync(process.execPath, [cli, 'train', dataset, '--runs', runs, ...settings], { stdio: 'pipe' });
  const made = safeList(runs).find((name) => !before.has(name));
  if (made === undefined) throw new Error(`no run appeared in ${runs}`);
  return path.join(runs, made);
}

function safeList(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Reads a run as the extension host does. */
export async function readRun(folder: string): Promise<Recorded> {
  const { record, state, steps, evaluations } = await new RunFollower(folder).poll();
  if (record === undefined || state === undefined) throw new Error(`${folder} is no run`);
  const run = record.id;
  const dataset = path.resolve(folder, record.dataset.path);
  return {
    folder,
    head: {
      run,
      name: record.name,
      state,
      dataset: { name: path.basename(dataset), path: dataset },
      elsewhere: false,
      record: details(record),
      ...(record.failure && { failure: record.failure }),
    },
    steps: {
      run,
      step: steps?.step ?? new Int32Array(0),
      loss: steps?.loss ?? new Float32Array(0),
      learningRate: steps?.learningRate ?? new Float32Array(0),
      seconds: steps?.seconds ?? new Float64Array(0),
    },
    evaluations,
    findings: [],
  };
}

/** The same run as it looked right after a step, in the state it had then or was brought to. */
export function upTo(recorded: Recorded, step: number, state: RunHead['state'] = 'running'): Recorded {
  const count = recorded.steps.step.findLastIndex((at) => at <= step) + 1;
  const { record } = recorded.head;
  if (record === undefined) throw new Error('a run without a record has no steps');
  const { metrics: _metrics, best: _best, seconds: _seconds, pairsPerSecond: _pace, ...early } = record;
  return {
    ...recorded,
    head: { ...recorded.head, state, record: early },
    steps: {
      run: recorded.steps.run,
      step: recorded.steps.step.slice(0, count),
      loss: recorded.steps.loss.slice(0, count),
      learningRate: recorded.steps.learningRate.slice(0, count),
      seconds: recorded.steps.seconds.slice(0, count),
    },
    evaluations: recorded.evaluations.filter((evaluation) => evaluation.step <= step),
  };
}
