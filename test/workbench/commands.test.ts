import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePairs } from '../cli/support';
import { writeSettings } from './data';
import { newestRun, readRun, runFolders, trainBefore } from './runs';
import { useLab, withoutWorkbench } from './support';
import { appears, until } from './wait';
import type { Window } from './window';

/** Goes through the questions of a command with what they offer, until none is open. */
async function acceptAll(window: Window): Promise<void> {
  await until('the end of the questions', async () => {
    if (!(await appears(window.quickInput, 700))) return true;
    await window.page.keyboard.press('Enter');
    return false;
  });
}

describe.skipIf(withoutWorkbench)('from the palette', () => {
  const lab = useLab();

  let workspace: string;

  /** Two completed runs on a folder of pairs, and a folder that nothing was trained on. */
  beforeAll(async () => {
    workspace = await lab().workspace('commands');
    for (const name of ['pairs', 'untouched']) await writePairs(path.join(workspace, name), 120);
    await writeSettings(path.join(workspace, 'pairs'), { epochs: 1 });
    for (const seed of [1, 2]) {
      await trainBefore(workspace, 'pairs', '--seed', String(seed), '--name', `seed ${seed}`);
    }
  });

  it('"Train Embedding Model" trains on the folder that is chosen', async () => {
    const before = (await runFolders(workspace)).length;
    const window = await lab().open(workspace);
    await window.command('Train Embedding Model');
    await window.pick('pairs');
    await (await window.panel()).untilState('completed');
    expect(await runFolders(workspace)).toHaveLength(before + 1);
  });

  it('"Train with Options…" takes what is typed; "Stop" and "Resume" find the run by themselves', async () => {
    const window = await lab().open(workspace);
    await window.command('Train with Options…');
    await window.pick('pairs');
    await window.type('3000');
    await acceptAll(window);
    const panel = await window.panel();
    await panel.untilStep(3);
    await window.command('Stop Training');
    await panel.untilState('stopped');
    const { record } = await newestRun(workspace);
    expect(record.config.epochs).toBe(3000);
    await window.command('Resume Training');
    await panel.untilState('running');
    await window.command('Stop Training');
    await panel.untilState('stopped');
  });

  it('"Open Run" shows the run that is chosen', async () => {
    const window = await lab().open(workspace);
    await window.command('Open Run');
    await window.pick('seed 1');
    const panel = await window.panel();
    await panel.untilState('completed');
    expect(await panel.frame.locator('h1').textContent()).toBe('seed 1');
  });

  it('"Compare Runs…" shows those that are ticked', async () => {
    const window = await lab().open(workspace);
    await window.command('Compare Runs…');
    for (const name of ['seed 1', 'seed 2']) await window.tick(name);
    await window.acceptTicked();
    const frame = await window.frameWith('compare-table');
    expect(await frame.getByTestId('compare-table').locator('tbody tr[data-run]').count()).toBe(2);
  });

  it('two runs that are marked in the tree are compared, their settings in the diff editor', async () => {
    const window = await lab().open(workspace);
    await window.showRuns();
    const [first, second] = ['seed 1', 'seed 2'].map((name) => window.runs.filter({ hasText: name }));
    await first?.click();
    await second?.click({ modifiers: ['ControlOrMeta'] });
    await window.fromMenu(async () => await second?.click({ button: 'right' }), 'Compare Runs…');
    await window.tabs.filter({ hasText: 'Compare seed 1 ↔ seed 2' }).waitFor();
    const frame = await window.frameWith('compare-table');
    await frame.getByRole('button', { name: 'Open in Diff Editor' }).click();
    await window.tabs.filter({ hasText: 'Configuration: seed 1 ↔ seed 2' }).waitFor();
    const seeds = await until('the seed on both sides', async () => {
      const lines = await window.page.locator('.monaco-diff-editor .view-line').allInnerTexts();
      const found = lines.flatMap((line) => /"seed":\s(\d+)/.exec(line)?.[1] ?? []);
      return found.length === 2 && found;
    });
    expect(seeds).toEqual(['1', '2']);
  });

  it('"Compare Methods and Settings…" trains one run for each value', async () => {
    const before = (await runFolders(workspace)).length;
    const window = await lab().open(workspace);
    await window.command('Compare Methods and Settings…');
    await window.pick('pairs');
    await window.pick('Seed');
    await window.type('7, 8');
    await until('two more runs', async () => (await runFolders(workspace)).length === before + 2);
    const rows = (await window.frameWith('compare-table')).locator(
      '[data-testid="compare-table"] tr[data-run]',
    );
    await until('both in the comparison', async () => (await rows.count()) === 2);
    // Begun within a second, their folders are in no order.
    const made = await Promise.all((await runFolders(workspace)).slice(-2).map(readRun));
    expect(new Set(made.map(({ record }) => record.config.seed))).toEqual(new Set([7, 8]));
  });

  it('"Export Model…" and "Export Embeddings…" write into the folder that is offered', async () => {
    const window = await lab().open(workspace);
    await window.command('Export Model…');
    await window.pick('seed 1');
    await window.acceptPath();
    await window.notification('Exported to').waitFor();
    expect(await readdir(path.join(workspace, 'seed-1-model'))).toEqual(
      expect.arrayContaining(['model.safetensors', 'model.json', 'tokenizer.json']),
    );
    await window.command('Export Embeddings…');
    await window.pick('seed 1');
    await window.quickPicks.filter({ hasText: 'NumPy' }).waitFor();
    await window.page.keyboard.press('Enter');
    await window.acceptPath();
    await until('the embeddings', () => existsSync(path.join(workspace, 'seed-1-embeddings/embeddings.npy')));
  });

  it('"New Settings File" writes what was found, and opens it', async () => {
    const window = await lab().open(workspace);
    await window.command('New Settings File');
    await window.pick('untouched');
    await window.tabs.filter({ hasText: 'infonce.json' }).waitFor();
    expect(existsSync(path.join(workspace, 'untouched/infonce.json'))).toBe(true);
  });

  it('"Open Sample Data" makes the sample', async () => {
    const window = await lab().open(workspace);
    await window.command('Open Sample Data');
    await window.pick('storage');
    expect(await appears(window.notification('The sample data are in'), 60_000)).toBe(true);
  });

  it('"Delete Run…" asks, and removes the folder', async () => {
    const before = await runFolders(workspace);
    const window = await lab().open(workspace);
    await window.command('Delete Run…');
    await window.pick('seed 2');
    await window.confirm('Delete');
    await until('one run less', async () => (await runFolders(workspace)).length < before.length);
    expect(await runFolders(workspace)).toHaveLength(before.length - 1);
  });

  it('"Examine This Machine" and "Show Log" tell what the extension knows', async () => {
    const window = await lab().open(workspace);
    await window.command('Examine This Machine');
    await window.tabs.filter({ hasText: 'InfoNCE Lab 0.' }).waitFor({ timeout: 60_000 });
    await window.command('Show Log');
    const output = window.page.locator(
      '.part.panel .output-view-container, .part.panel [aria-label*="Output"]',
    );
    expect(await appears(output.first(), 60_000)).toBe(true);
  });

  it('offers what the other tests do not call', async () => {
    const window = await lab().open(workspace);
    for (const title of [
      'Train Again with the Same Settings',
      'Look Up Neighbours…',
      'Set Up Native TensorFlow',
    ]) {
      expect(await window.untilOffered(`InfoNCE Lab: ${title}`)).toContain(title);
    }
  });
});
