import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { newestRun } from '../../test/workbench/runs';
import { until } from '../../test/workbench/wait';
import type { Window } from '../../test/workbench/window';
import type { Bench } from './bench';
import { writeFastData } from './fast-run';
import type { Figure } from './figure';
import { close, whenDrawn } from './lab';

const steps = 10_000;
const keptMs = 6_000;

interface Restored {
  /** Milliseconds from the page's word that it is ready to the last message before the picture … */
  readonly told: number;
  /** … and to the chart with all steps. */
  readonly drawn: number;
}

async function restored(window: Window, all: number): Promise<Restored> {
  const { at, seen } = await whenDrawn(window, all);
  const { ready = Number.NaN, messages } = seen;
  return { told: (messages.findLast((time) => time <= at) ?? Number.NaN) - ready, drawn: at - ready };
}

/** A run of ten thousand steps, shown again in a window that was loaded anew, and in a panel that was hidden. */
export const restore: Bench = async ({ lab, repetitions }) => {
  const workspace = await lab.workspace('restore');
  const data = await writeFastData(workspace, steps);
  const program = path.join(await lab.extension(), 'dist/cli.js');
  await promisify(execFile)(process.execPath, [program, 'train', data]);
  const { record } = await newestRun(workspace);
  const window = await lab.open(workspace);
  await window.showRuns();
  await window.runs.first().click();
  await whenDrawn(window, record.steps);
  const reloaded: Restored[] = [];
  const shown: Restored[] = [];
  for (let i = 0; i < repetitions; i++) {
    // What is open is kept by the workbench, every few seconds.
    await sleep(keptMs);
    await window.load();
    reloaded.push(await restored(window, record.steps));
    await window.palette('File: New Untitled Text File');
    await until('a hidden panel', async () => (await window.page.locator('iframe.webview').count()) === 0);
    await window.tabs.first().click();
    shown.push(await restored(window, record.steps));
    await window.tabs.last().click({ button: 'middle' });
  }
  await close(window);
  const figures = (name: string, samples: readonly Restored[]): Figure[] => [
    { name, of: 'median', samples: samples.map(({ drawn }) => drawn), unit: 'ms', bound: 300 },
    { name: '– until all has come', of: 'median', samples: samples.map(({ told }) => told), unit: 'ms' },
  ];
  return [
    ...figures(`panel of ${record.steps} steps, window loaded anew`, reloaded),
    ...figures(`panel of ${record.steps} steps, hidden and shown`, shown),
  ];
};
