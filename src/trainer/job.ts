import type { DatasetConfig } from '../engine/data/config';
import type { Dataset } from '../engine/data/dataset';
import { inspectDataset, unreadable } from '../engine/data/inspect';
import { readDataset } from '../engine/data/read';
import { systemError } from '../engine/run/files';
import { RunFolder } from '../engine/run/folder';
import { type BackendInfo, loadNative } from '../engine/tensorflow/native';
import { chooseConfig } from '../engine/train/defaults';
import { environmentOf } from '../engine/train/environment';
import { type ConfigOverrides, parseTrainConfig } from '../engine/train/overrides';
import { planned } from '../engine/train/preflight';
import { readAgain, takeUp } from '../engine/train/resume-run';
import { layer, readSettings } from '../engine/train/settings';
import { defaultSeed, type PreparedRun, startRun } from '../engine/train/start-run';
import { train } from '../engine/train/train';
import type { InspectReport } from '../protocol/dataset';
import { failureOf, UserError } from '../protocol/errors';
import type { JobOutcome, TrainJob } from '../protocol/trainer';
import type { Reporter } from './reporter';

interface Job {
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** Loaded while the data is read. */
  readonly backend: Promise<BackendInfo>;
  readonly startedAt: number;
}

/**
 * Reads the data once, reports on it and trains on it. A stop leaves a checkpoint. Faults of the program are an outcome
 * too, with their stack on stderr.
 */
export async function runJob(wanted: TrainJob, report: Reporter, signal: AbortSignal): Promise<JobOutcome> {
  const startedAt = performance.now();
  report.phase({ phase: 'reading', done: 0 });
  let run: string | undefined = wanted.type === 'resume' ? wanted.run : undefined;
  const known = (path: string): void => {
    run = path;
    report.fact('run', { run: path });
  };
  try {
    signal.throwIfAborted();
    const backend = loadNative();
    // It is awaited later, or never where the data is refused.
    backend.catch(() => undefined);
    const job = { report, signal, backend, startedAt };
    if (wanted.type === 'train') return await trainNew(wanted, job, known);
    return await resume(wanted.run, job, known);
  } catch (error) {
    if (signal.aborted && error instanceof Error && error.name === 'AbortError') {
      return { outcome: 'stopped', ...(run !== undefined && { run }) };
    }
    const mendable = systemError(error);
    if (!(mendable instanceof UserError)) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    }
    return { outcome: 'failed', failure: failureOf(mendable), ...(run !== undefined && { run }) };
  }
}

type TellRun = (path: string) => void;

async function trainNew(
  wanted: Extract<TrainJob, { type: 'train' }>,
  job: Job,
  tellRun: TellRun,
): Promise<JobOutcome> {
  const { folder, runsDir, name } = wanted;
  const { report, signal } = job;
  const asked = parseTrainConfig(wanted.settings);
  const read = await readOwn(folder, asked, job);
  if ('layout' in read) return { outcome: 'refused', report: read };
  const { dataset, overrides, reading } = read;
  report.phase({ phase: 'preparing', done: 0 });
  let chosen: Awaited<ReturnType<typeof chooseConfig>> | undefined;
  const inspected = await inspectDataset(dataset, async () => {
    chosen = await chooseConfig(dataset, overrides, signal);
    return planned(dataset, chosen.config);
  });
  if (chosen === undefined || !inspected.ready) return { outcome: 'refused', report: inspected };
  report.fact('inspected', { report: inspected });
  signal.throwIfAborted();
  const run = await startRun(dataset, chosen, { folder, runsDir, name, reading });
  return await trainPrepared(run, job, tellRun);
}

interface Read {
  readonly dataset: Dataset;
  readonly reading: DatasetConfig;
  readonly overrides: ConfigOverrides;
}

/** The data with its own settings; a report on why not, where the user can mend it. */
async function readOwn(folder: string, asked: ConfigOverrides, job: Job): Promise<Read | InspectReport> {
  const { report, signal } = job;
  try {
    const { reading, train: own } = await readSettings(folder);
    const overrides = layer({ seed: defaultSeed, ...own }, asked);
    const dataset = await readDataset(folder, {
      config: reading,
      seed: overrides.seed ?? defaultSeed,
      signal,
      onProgress: (progress) => report.reading(progress),
    });
    return { dataset, reading, overrides };
  } catch (error) {
    return unreadable(systemError(error));
  }
}

async function resume(folder: string, job: Job, tellRun: TellRun): Promise<JobOutcome> {
  const { report, signal } = job;
  const run = await RunFolder.open(folder);
  await run.hold();
  try {
    const dataset = await readAgain(run, { signal, onProgress: (progress) => report.reading(progress) });
    report.phase({ phase: 'preparing', done: 0 });
    const { config } = run.record;
    report.fact('inspected', { report: await inspectDataset(dataset, () => planned(dataset, config)) });
    const prepared = await takeUp(run, dataset, (message) =>
      report.fact('log', { level: 'warning', message }),
    );
    return await trainPrepared(prepared, job, tellRun);
  } finally {
    await run.release();
  }
}

/** Trains, and hands the run back whatever happens. */
async function trainPrepared(prepared: PreparedRun, job: Job, tellRun: TellRun): Promise<JobOutcome> {
  const { run } = prepared;
  const { report, signal, startedAt } = job;
  try {
    const backend = await job.backend;
    if (backend.name === 'javascript') {
      const message = `${backend.reason}; the JavaScript backend serves, about a hundred times slower. To mend it: ${backend.remedy}`;
      report.fact('log', { level: 'warning', message });
    }
    const { state } = await train({
      ...prepared,
      environment: environmentOf(backend),
      startedAt,
      signal,
      onEvent: ({ event }) => {
        if (event === 'started') tellRun(run.path);
      },
      onProgress: (progress) => report.phase(progress),
    });
    return { outcome: state, run: run.path };
  } finally {
    await run.releaseOrDiscard();
  }
}
