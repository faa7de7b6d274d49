import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePairs } from '../cli/support';
import { writeSettings } from './data';
import type { Panel } from './panel';
import { trainers } from './processes';
import { newestRun, runFolders } from './runs';
import { type Lab, useLab, withoutWorkbench } from './support';
import { until } from './wait';
import type { Window } from './window';

interface Begun {
  readonly workspace: string;
  readonly window: Window;
  readonly panel: Panel;
}

/** A run that goes on for minutes, some steps after its begin. */
async function begin(lab: Lab, name: string): Promise<Begun> {
  const workspace = await lab.workspace(name);
  await writePairs(path.join(workspace, 'pairs'), 600);
  await writeSettings(path.join(workspace, 'pairs'), {
    epochs: 1_000,
    batchSize: 16,
    patience: 0,
    evaluationsPerEpoch: 1,
  });
  const window = await lab.open(workspace);
  await window.fromContextMenu(['pairs'], 'Train Embedding Model');
  const panel = await window.panel();
  await panel.untilStep(5);
  return { workspace, window, panel };
}

async function end(panel: Panel): Promise<string> {
  await panel.frame.getByTestId('stop').click();
  return await panel.untilState('stopped');
}

async function lastStep(workspace: string): Promise<number> {
  const { log } = await newestRun(workspace);
  return log.findLast(({ event }) => event === 'step')?.step ?? 0;
}

describe.skipIf(withoutWorkbench)('a run that is interrupted', () => {
  const lab = useLab();

  it('is stopped within seconds and goes on where it was', async () => {
    const { workspace, panel, window } = await begin(lab(), 'stop');
    await window.status.filter({ hasText: /step \d/ }).waitFor();
    const before = Date.now();
    await end(panel);
    expect(Date.now() - before).toBeLessThan(5_000);
    const stoppedAt = await lastStep(workspace);
    await until('an empty status bar', async () => (await window.status.count()) === 0);
    await panel.frame.getByTestId('resume').first().click();
    await panel.untilStep(stoppedAt + 5);
    await end(panel);
    const { log } = await newestRun(workspace);
    expect(await runFolders(workspace)).toHaveLength(1);
    const steps = log.filter(({ event }) => event === 'step').map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, index) => index + 1));
  });

  it('is shown again when its panel was closed, in another window, and when the window was loaded anew', async () => {
    const { workspace, window } = await begin(lab(), 'again');
    await window.tabs.first().click({ button: 'middle' });
    await until('no tab', async () => (await window.tabs.count()) === 0);
    await window.showRuns();
    await window.runs.first().click();
    const reopened = await window.panel();
    await reopened.untilStep((await reopened.untilStep(5)) + 3);

    const other = await lab().open(workspace);
    await other.showRuns();
    await other.runs.first().click();
    const elsewhere = await other.panel();
    await elsewhere.frame.getByText('trained by another program').waitFor();
    await elsewhere.untilStep((await elsewhere.untilStep(5)) + 3);

    await window.palette('Developer: Reload Window');
    // The window that forked the trainer is gone, and the trainer with it; it left a checkpoint.
    await elsewhere.untilState('stopped');
    const restored = await window.panel();
    await restored.untilState('stopped');
    await restored.untilStep(await lastStep(workspace));
    expect(await restored.frame.getByTestId('resume').count()).toBeGreaterThan(0);
  });

  it('is kept with a checkpoint when the extension host is killed, and leaves no process behind', async () => {
    const { workspace, window } = await begin(lab(), 'restart');
    const [trainer] = await trainers(lab().profile.extensions);
    // The editor starts another host by itself.
    process.kill(trainer?.parent ?? 0, 'SIGKILL');
    await until(
      'the end of the trainer',
      async () => (await trainers(lab().profile.extensions)).length === 0,
    );
    expect((await newestRun(workspace)).record.state).toBe('stopped');
    const stoppedAt = await lastStep(workspace);
    // Its panel had the old host behind it.
    await window.tabs.first().click({ button: 'middle' });
    await window.showRuns();
    await window.runs.first().click();
    const panel = await window.panel();
    await panel.untilState('stopped');
    await panel.frame.getByTestId('resume').first().click();
    await panel.untilStep(stoppedAt + 5);
    await end(panel);
  });

  it('tells plainly of a trainer that was killed, and resumes it', async () => {
    const { workspace, window, panel } = await begin(lab(), 'kill');
    const [trainer] = await trainers(lab().profile.extensions);
    process.kill(trainer?.pid ?? 0, 'SIGKILL');
    await panel.untilState(['interrupted', 'failed']);
    await window.notification(/SIGKILL/).waitFor();
    await panel.frame.getByTestId('resume').first().click();
    await panel.untilState('running');
    const killedAt = await lastStep(workspace);
    await panel.untilStep(killedAt + 1);
    expect(await end(panel)).toBe('stopped');
  });
});
