import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePairs } from '../cli/support';
import { writeSettings } from './data';
import type { Panel } from './panel';
import { readRun, runFolders, trainBefore } from './runs';
import { useLab, withoutWorkbench } from './support';
import { until } from './wait';
import type { Window } from './window';

/** Of each run of the workspace its dataset and its state, the oldest first. */
async function trained(workspace: string): Promise<string[]> {
  const begun = (await runFolders(workspace)).filter((folder) => existsSync(path.join(folder, 'run.json')));
  const runs = await Promise.all(begun.map(readRun));
  return runs
    .sort((a, b) => a.record.createdAt.localeCompare(b.record.createdAt))
    .map(({ record }) => `${path.basename(record.dataset.path)} ${record.state}`);
}

/** The same, when there are so many and none is under way. */
async function untilTrained(workspace: string, least: number): Promise<string[]> {
  return await until(`the end of ${least} runs`, async () => {
    const states = await trained(workspace);
    return states.length >= least && !states.some((state) => state.endsWith('running')) && states;
  });
}

/** Pairs of which some test rows are also in train. */
async function writeLeakingPairs(folder: string): Promise<void> {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `who made number ${i} of ${i % 13},number ${i} is by ${i + 100}`,
  );
  await mkdir(folder, { recursive: true });
  const parts = { 'train.csv': rows.slice(0, 50), 'test.csv': [...rows.slice(50), ...rows.slice(0, 3)] };
  for (const [name, lines] of Object.entries(parts)) {
    await writeFile(path.join(folder, name), `anchor,positive\n${lines.join('\n')}\n`);
  }
  await writeSettings(folder, { epochs: 1 });
}

/** @returns its panel, which takes the focus when it has loaded */
async function train(window: Window, dataset: string): Promise<Panel> {
  await window.command('Train Embedding Model');
  await window.pick(dataset);
  await window.tabs.filter({ hasText: dataset }).waitFor();
  return await window.panel();
}

/** What the status bar counts in the Problems view. */
async function untilProblems(window: Window, words: string): Promise<void> {
  const counter = window.page.locator('[id="status.problems"] a, [id="status.problems"]').first();
  await until(`"${words}" in the status bar`, async () =>
    (await counter.getAttribute('aria-label'))?.includes(words),
  );
}

describe.skipIf(withoutWorkbench)('what a window leaves behind', () => {
  const lab = useLab();

  it('is its queue: what waited is trained in its turn by the next one, and by no other', async () => {
    const workspace = await lab().workspace('queue');
    for (const name of ['first', 'second', 'third', 'lost'])
      await writePairs(path.join(workspace, name), 120);
    await writeSettings(path.join(workspace, 'first'), { epochs: 100_000, patience: 0 });
    for (const name of ['second', 'third']) await writeSettings(path.join(workspace, name), { epochs: 1 });
    const window = await lab().open(workspace);
    await (await train(window, 'first')).untilStep(3);
    for (const name of ['second', 'third', 'lost']) await (await train(window, name)).untilState('queued');
    await window.showRuns();
    await window.runs.filter({ hasText: 'waiting for 3 runs' }).waitFor();
    await rm(path.join(workspace, 'lost'), { recursive: true });

    // While the first window lives, what waits is its own.
    const other = await lab().open(workspace);
    await other.showRuns();
    await other.runs.filter({ hasText: 'first' }).first().waitFor();
    expect(await other.runs.filter({ hasText: 'waiting' }).count()).toBe(0);
    await other.page.goto('about:blank');

    await window.palette('Developer: Reload Window');
    await window.notification(/lost.*no longer there/).waitFor();
    const states = ['first stopped', 'second completed', 'third completed'];
    expect(await untilTrained(workspace, states.length)).toEqual(states);
  });

  it('is what its data were warned of: in the panel and among the problems, until they are mended', async () => {
    const workspace = await lab().workspace('warned');
    await writeLeakingPairs(path.join(workspace, 'leaking'));
    await trainBefore(workspace, 'leaking');
    const window = await lab().open(workspace);
    await untilProblems(window, 'Warnings: 1');
    await window.showRuns();
    await window.runs.first().click();
    const panel = await window.panel();
    await panel.untilState('completed');
    await panel.frame.getByText('The data has 1 warning').waitFor();

    await window.palette('Developer: Reload Window');
    await untilProblems(window, 'Warnings: 1');
    await (await window.panel()).frame.getByText('The data has 1 warning').waitFor();

    await writeFile(
      path.join(workspace, 'leaking/test.csv'),
      'anchor,positive\nwho is new,nobody knows\nwho else,she\n',
    );
    await train(window, 'leaking');
    expect(await untilTrained(workspace, 2)).toEqual(['leaking completed', 'leaking completed']);
    await untilProblems(window, 'No Problems');
  });
});
