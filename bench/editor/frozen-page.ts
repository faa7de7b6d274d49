import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { trainers } from '../../test/workbench/processes';
import { runFolders } from '../../test/workbench/runs';
import { until } from '../../test/workbench/wait';
import type { Window } from '../../test/workbench/window';
import type { Bench } from './bench';
import { writeFastData } from './fast-run';
import type { Figure } from './figure';
import { close } from './lab';
import { computingTime } from './process-stat';

/** More than are taken: the run is stopped at the end. */
const steps = 2_000_000;
/** A stretch of the training, and the time before it in which its condition settles. Milliseconds. */
const measuredMs = 3_000;
const settlingMs = 500;
/** Rounds for each repetition: with five, the figure takes four minutes. */
const roundsEach = 3;

/**
 * How the panel is in a stretch: `none` is open, as it is hidden; `frozen`, it is shown and hangs; `live`, it is shown and
 * drawn. In the first two the browser stands still altogether, so that they differ in the page alone.
 */
const conditions = ['none', 'frozen', 'live'] as const;
type Condition = (typeof conditions)[number];

async function renderers(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Stops the processes of the browser's pages: nothing in them answers until it is thawed. Returns what thaws them. */
async function freeze(browser: Browser): Promise<() => void> {
  const pids = await renderers(browser);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  for (const pid of pids) {
    await until(`the halt of ${pid}`, async () => / T /.test(await readFile(`/proc/${pid}/stat`, 'utf8')));
  }
  return () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  };
}

/** A moment of the training. */
interface Moment {
  readonly step: number;
  /** On the clock of the run. */
  readonly seconds: number;
  /** What the trainer has computed so far, milliseconds. */
  readonly computing: number;
}

/** Reads where a run stands from the end of its log, however long that is. */
async function momentOf(log: string, trainer: number): Promise<Moment> {
  const computing = await computingTime(trainer);
  const file = await open(log);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, 16_384));
    await file.read(tail, 0, tail.length, size - tail.length);
    const row = /.*\{"event":"step","step":(\d+),[^\n]*"seconds":([\d.]+)[^\n]*\}\n/s.exec(tail.toString());
    if (row === null) throw new Error(`no step at the end of ${log}`);
    return { step: Number(row[1]), seconds: Number(row[2]), computing };
  } finally {
    await file.close();
  }
}

/** Of one step, evaluations included; milliseconds. */
interface Pace {
  readonly time: number;
  readonly computing: number;
}

async function paceOf(look: () => Promise<Moment>): Promise<Pace> {
  await sleep(settlingMs);
  const first = await look();
  await sleep(measuredMs);
  const last = await look();
  const taken = last.step - first.step;
  if (taken === 0) throw new Error('the training stands still');
  return {
    time: (1_000 * (last.seconds - first.seconds)) / taken,
    computing: (last.computing - first.computing) / taken,
  };
}

async function paceIn(
  condition: Condition,
  window: Window,
  browser: Browser,
  look: () => Promise<Moment>,
): Promise<Pace> {
  await window.tabs.filter({ hasText: condition === 'none' ? 'train.csv' : 'numbers' }).click();
  await until('the panel, or none', async () => {
    return (await window.page.locator('iframe.webview.ready:visible').count()) > 0 === (condition !== 'none');
  });
  if (condition === 'live') return await paceOf(look);
  const thaw = await freeze(browser);
  try {
    return await paceOf(look);
  } finally {
    thaw();
  }
}

/** By how much more than in the stretch without a page of the same round, percent. */
function excess(rounds: readonly Round[], condition: Condition, of: keyof Pace): number[] {
  return rounds.map((round) => 100 * (round[condition][of] / round.none[of] - 1));
}

type Round = Readonly<Record<Condition, Pace>>;

function figure(name: string, samples: readonly number[], unit: string): Figure {
  return { name, of: 'median', samples, unit };
}

/** One training; its panel is shown, hangs and is hidden in turn, so that what changes slowly takes part in all alike. */
export const frozenPage: Bench = async ({ lab, repetitions }) => {
  const workspace = await lab.workspace('frozen-page');
  await writeFastData(workspace, steps);
  const window = await lab.open(workspace);
  await window.fromContextMenu(['numbers'], 'Train Embedding Model');
  const panel = await window.panel();
  await panel.untilStep(1);
  await (await window.file('numbers', 'train.csv')).dblclick();
  const [folder = ''] = await runFolders(workspace);
  const [trainer] = await trainers(lab.profile.extensions);
  const look = (): Promise<Moment> => momentOf(path.join(folder, 'metrics.jsonl'), trainer?.pid ?? 0);
  const rounds: Round[] = [];
  for (let i = 0; i < roundsEach * repetitions; i++) {
    const round: Partial<Record<Condition, Pace>> = {};
    // There and back: nobody is always first.
    for (const condition of i % 2 === 0 ? conditions : conditions.toReversed()) {
      round[condition] = await paceIn(condition, window, lab.browser, look);
    }
    rounds.push(round as Round);
  }
  await close(window);
  return [
    { ...figure('a frozen page slows training by', excess(rounds, 'frozen', 'time'), '%'), bound: 2 },
    figure('– and makes it compute more by', excess(rounds, 'frozen', 'computing'), '%'),
    figure('– one that is drawn slows it by', excess(rounds, 'live', 'time'), '%'),
    ...conditions.map((condition) =>
      figure(
        `– a step, page ${condition}`,
        rounds.map((round) => round[condition].time),
        'ms',
      ),
    ),
  ];
};
