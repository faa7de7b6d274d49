import { cp, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSettings } from '../../test/workbench/data';
import { newestRun } from '../../test/workbench/runs';
import type { Bench } from './bench';
import { close, seenByPanel } from './lab';

/** A stop comes at any moment of so many milliseconds: steps, evaluations and checkpoints fall into it. */
const spread = 4_000;

/** Runs in the page: presses stop. @returns milliseconds until the page tells that the run is stopped */
async function stopInPage(): Promise<number> {
  const state = document.querySelector<HTMLElement>('[data-testid="run-state"]');
  const button = document.querySelector<HTMLElement>('[data-testid="stop"]');
  if (state === null || button === null) throw new Error('there is nothing to stop in the page');
  const from = performance.now();
  const told = new Promise<number>((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector<HTMLElement>('[data-testid="run-state"]')?.dataset.state !== 'stopped')
        return;
      observer.disconnect();
      resolve(performance.now() - from);
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  button.click();
  return await told;
}

/** From the button of the panel to its word that the run is stopped; the run is resumed from its checkpoint each time. */
export const stop: Bench = async ({ lab, repetitions, pairs }) => {
  const workspace = await lab.workspace('stop');
  const data = path.join(workspace, 'pairs');
  await cp(pairs, data, { recursive: true });
  await writeSettings(data, { epochs: 1_000, patience: 0 });
  const window = await lab.open(workspace);
  await window.fromContextMenu(['pairs'], 'Train Embedding Model');
  const panel = await window.panel();
  const samples: number[] = [];
  let stoppedAt = 0;
  for (let i = 0; i < 2 * repetitions; i++) {
    if (i > 0) await panel.frame.getByTestId('resume').first().click();
    await panel.untilStep(stoppedAt + 1);
    await sleep(spread * Math.random());
    const { frame } = await seenByPanel(window);
    samples.push(await frame.evaluate(stopInPage));
    const { folder, record, log } = await newestRun(workspace);
    const kept = await readdir(path.join(folder, 'checkpoints'));
    if (record.state !== 'stopped' || kept.length === 0)
      throw new Error(`the run is told as stopped, and on the disk it is ${record.state}`);
    stoppedAt = log.findLast(({ event }) => event === 'step')?.step ?? 0;
  }
  await close(window);
  return [{ name: 'from stop to a run that is stopped', of: 'worst', samples, unit: 'ms', bound: 1_000 }];
};
