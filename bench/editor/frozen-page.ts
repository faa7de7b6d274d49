import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { newestRun } from '../../test/workbench/runs';
import { until } from '../../test/workbench/wait';
import type { Bench } from './bench';
import { writeFastData } from './fast-run';
import type { Figure } from './figure';
import { close, type Lab } from './lab';

const steps = 3_000;
/** So many steps after the page was frozen, the counting begins. */
const settled = 50;

const conditions = ['live', 'frozen', 'none'] as const;
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

/** Milliseconds of a step, evaluations included, while the panel is in that condition. */
async function stepTime(lab: Lab, name: string, condition: Condition): Promise<number> {
  const workspace = await lab.workspace(name);
  await writeFastData(workspace, steps);
  const window = await lab.open(workspace);
  await window.fromContextMenu(['numbers'], 'Train Embedding Model');
  const panel = await window.panel();
  await panel.untilStep(1);
  if (condition === 'none') {
    await window.tabs.first().click({ button: 'middle' });
    await until('no panel', async () => (await window.tabs.count()) === 0);
  }
  const thaw = condition === 'frozen' ? await freeze(lab.browser) : () => undefined;
  try {
    const from =
      ((await newestRun(workspace)).log.findLast(({ event }) => event === 'step')?.step ?? 0) + settled;
    const { log } = await until(
      'the end of the run',
      async () => {
        const run = await newestRun(workspace);
        return run.record.state === 'completed' && run;
      },
      120_000,
    );
    const taken = log.filter(({ event, step = 0 }) => event === 'step' && step >= from);
    const [first, last] = [taken.at(0), taken.at(-1)];
    if (first === undefined || last === undefined || taken.length < steps / 4)
      throw new Error(`the run was over when its panel was ${condition}`);
    return (1_000 * ((last.seconds ?? 0) - (first.seconds ?? 0))) / (taken.length - 1);
  } finally {
    thaw();
    await close(window);
  }
}

function figure(name: string, samples: readonly number[], unit: string): Figure {
  return { name, of: 'median', samples, unit };
}

/** The same training with a panel that is watched, with one that hangs, and without one, in turn. */
export const frozenPage: Bench = async ({ lab, repetitions }) => {
  const times: Record<Condition, number[]> = { live: [], frozen: [], none: [] };
  for (let i = 0; i < repetitions; i++) {
    // Nobody is always first.
    for (let turn = 0; turn < conditions.length; turn++) {
      const condition = conditions[(i + turn) % conditions.length] as Condition;
      times[condition].push(await stepTime(lab, `frozen-page-${i}-${condition}`, condition));
    }
  }
  const slowdown = (condition: Condition): number[] =>
    times[condition].map((time, i) => 100 * (time / (times.none[i] ?? Number.NaN) - 1));
  return [
    { ...figure('a frozen page slows training by', slowdown('frozen'), '%'), bound: 2 },
    figure('– one that is drawn, by', slowdown('live'), '%'),
    ...conditions.map((condition) => figure(`– a step, page ${condition}`, times[condition], 'ms')),
  ];
};
