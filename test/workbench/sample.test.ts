import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { newestRun } from './runs';
import { useLab, withoutWorkbench } from './support';
import { until } from './wait';
import { Walkthrough } from './walkthrough';

/** Each step, and the button that does it. */
const steps = [
  ['data', 'Open Sample Data'],
  ['train', 'Train Embedding Model'],
  ['look', 'Look Up Neighbours'],
  ['compare', 'Compare Methods and Settings'],
] as const;

describe.skipIf(withoutWorkbench)('somebody who has no data', () => {
  const lab = useLab();

  it('is led by the walkthrough from an empty window to the neighbours of a trained model', async () => {
    const window = await lab().openEmpty();
    // Where there is too little room, the editor leaves the pictures out.
    await window.page.setViewportSize({ width: 1600, height: 900 });
    const walkthrough = await Walkthrough.open(window);
    const pictures = new Set<string>();
    for (const [step] of steps) pictures.add(await walkthrough.pictureOf(step));
    expect(pictures.size).toBe(steps.length);
    for (const [step] of steps) expect(await walkthrough.isDone(step)).toBe(false);

    await walkthrough.press(...steps[0]);
    await window.pick('storage');
    // The window is loaded anew, with the sample in it and the walkthrough open.
    await window.file('translations').then((row) => row.waitFor());
    await walkthrough.untilDone('data');

    await walkthrough.press(...steps[1]);
    await window.pick('translations');
    const panel = await window.panel();
    await panel.untilState('completed');
    const sample = path.join(
      lab().profile.userData,
      'User/globalStorage/infonce-lab.infonce-lab/infonce-lab-sample',
    );
    const { record } = await newestRun(sample);
    expect(record.metrics?.['recall@1']).toBeGreaterThan(0.9);
    const told = await panel.figures('metrics');
    expect(told.find(({ name }) => name === 'recall@1')?.values[0]).toBe(record.metrics?.['recall@1']);

    await window.tabs.filter({ hasText: 'Welcome' }).click();
    await walkthrough.untilDone('train');
    await walkthrough.press(...steps[2]);
    await window.type('the white dog sleeps in the garden');
    const rows = panel.frame.getByTestId('neighbour-row');
    await rows.first().waitFor();
    expect(await rows.first().innerText()).toMatch(/perro blanco duerme/);

    await window.tabs.filter({ hasText: 'Welcome' }).click();
    await walkthrough.untilDone('look');
    await walkthrough.press(...steps[3]);
    await until('what may be compared', async () => (await window.quickPicks.count()) > 0);
    await window.page.keyboard.press('Escape');
    await walkthrough.untilDone('compare');
  });
});
