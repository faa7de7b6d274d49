import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { newestRun } from '../../test/workbench/runs';
import { until } from '../../test/workbench/wait';
import type { Window } from '../../test/workbench/window';
import type { Bench } from './bench';
import { writeFastData } from './fast-run';
import { close, whenDrawn } from './lab';

const steps = 10_000;

/** Milliseconds from the page's word that it is ready to the chart with all steps. */
async function restoreTime(window: Window, all: number): Promise<number> {
  const { at, seen } = await whenDrawn(window, all);
  return at - (seen.ready ?? Number.NaN);
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
  const reloaded: number[] = [];
  const shown: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    await window.load();
    reloaded.push(await restoreTime(window, record.steps));
    await window.palette('File: New Untitled Text File');
    await until('a hidden panel', async () => (await window.page.locator('iframe.webview').count()) === 0);
    await window.tabs.first().click();
    shown.push(await restoreTime(window, record.steps));
    await window.tabs.last().click({ button: 'middle' });
  }
  await close(window);
  const common = { of: 'median', unit: 'ms', bound: 300 } as const;
  return [
    { ...common, name: `panel of ${record.steps} steps, window loaded anew`, samples: reloaded },
    { ...common, name: `panel of ${record.steps} steps, hidden and shown`, samples: shown },
  ];
};
