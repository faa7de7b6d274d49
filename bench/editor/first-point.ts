import { cp, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { trainers } from '../../test/workbench/processes';
import { newestRun, type RunOnDisk } from '../../test/workbench/runs';
import { until } from '../../test/workbench/wait';
import type { Bench } from './bench';
import type { Figure } from './figure';
import { close, type Lab, seenByWorkbench, whenDrawn } from './lab';
import { processStart } from './process-stat';

/** What the time goes into, in order: each part ends at the moment of that name. Milliseconds since 1970. */
interface Moments {
  readonly click: number;
  /** The trainer's process exists. */
  readonly forked: number;
  /** The program is loaded, the data is read and checked: there is a run folder. */
  readonly created: number;
  /** TensorFlow is there, and the model. The clock of the run starts. */
  readonly begun: number;
  /** The untrained model is scored on dev. */
  readonly scored: number;
  /** The baselines are scored on the final split, and the first step is taken. */
  readonly stepped: number;
  /** The loss chart of the panel shows it. */
  readonly drawn: number;
}

const parts: readonly (readonly [name: string, from: keyof Moments, to: keyof Moments])[] = [
  ['click to the trainer’s process', 'click', 'forked'],
  ['loading it, reading and checking the data', 'forked', 'created'],
  ['TensorFlow and the model', 'created', 'begun'],
  ['the untrained model and the baseline on dev', 'begun', 'scored'],
  ['both on the final split, first step', 'scored', 'stepped'],
  ['from the log to the chart', 'stepped', 'drawn'],
];

/** When the clock of the run, whose readings are in its log, stood at 0: the last row was written at the file's time. */
async function clockStart(folder: string): Promise<number> {
  const file = path.join(folder, 'metrics.jsonl');
  return await until('a log that rests for a moment', async () => {
    const before = await stat(file);
    const last = (await readFile(file, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
    const { seconds } = JSON.parse(last) as { seconds?: number };
    const after = await stat(file);
    return before.size === after.size && seconds !== undefined && after.mtimeMs - 1000 * seconds;
  });
}

/** The newest run once its first step is taken. */
async function begunRun(workspace: string): Promise<RunOnDisk> {
  return await until('the first step', async () => {
    const run = await newestRun(workspace).catch(() => undefined);
    return run?.log.some(({ event }) => event === 'step') === true && run;
  });
}

async function train(lab: Lab, images: string, name: string): Promise<Moments> {
  const workspace = await lab.workspace(name);
  await cp(images, path.join(workspace, 'images'), { recursive: true });
  const window = await lab.open(workspace);
  await window.fromContextMenu(['images'], 'Train Embedding Model');
  const { folder, record, log } = await begunRun(workspace);
  const [trainer] = await trainers(lab.profile.extensions);
  const forked = await processStart(trainer?.pid ?? 0);
  const begun = await clockStart(folder);
  const at = (event: string): number =>
    begun + 1000 * (log.find((row) => row.event === event)?.seconds ?? Number.NaN);
  const { at: drawn } = await whenDrawn(window, 1);
  const { mouseUp: click = Number.NaN } = await seenByWorkbench(window);
  const panel = await window.panel();
  await panel.frame.getByTestId('stop').click();
  await panel.untilState('stopped');
  await close(window);
  const created = Date.parse(record.createdAt);
  return { click, forked, created, begun, scored: at('evaluated'), stepped: at('step'), drawn };
}

/** Each sample is of a new window, in which the extension was not active before the click. */
export const firstPoint: Bench = async ({ lab, repetitions, images }) => {
  // At its first use of all, the extension tries in a process of its own whether TensorFlow computes.
  const atFirst = await train(lab, images, 'first-use');
  const runs: Moments[] = [];
  for (let i = 0; i < repetitions; i++) runs.push(await train(lab, images, `first-point-${i}`));
  const figure = (name: string, from: keyof Moments, to: keyof Moments): Figure => ({
    name,
    of: 'median',
    samples: runs.map((moments) => moments[to] - moments[from]),
    unit: 'ms',
  });
  return [
    { ...figure('right-click to the first loss point', 'click', 'drawn'), bound: 3_000 },
    {
      ...figure('– at the first use of the extension', 'click', 'drawn'),
      samples: [atFirst.drawn - atFirst.click],
    },
    ...parts.map(([name, from, to]) => figure(`– ${name}`, from, to)),
  ];
};
