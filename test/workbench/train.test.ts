import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawShapes, writeSettings } from './data';
import type { Panel } from './panel';
import { newestRun, type RunOnDisk } from './runs';
import { useLab, withoutWorkbench } from './support';

const digits = path.join(import.meta.dirname, '../../../shared/data/images_mnist');

/** What the tables of the panel tell is what the run folder holds. */
async function compareFigures(panel: Panel, { record, log }: RunOnDisk): Promise<void> {
  await panel.show('loss');
  const losses = new Map(log.filter(({ event }) => event === 'step').map(({ step, loss }) => [step, loss]));
  const dev = new Map(
    log
      .filter(({ event, kind }) => event === 'evaluated' || kind === 'untrained')
      .map(({ step, metrics }) => [step, metrics?.loss]),
  );
  const rows = await panel.figures('loss');
  expect(rows.length).toBeGreaterThan(10);
  const told = rows.map(({ name, values: [, train, , evaluated] }) => ({
    step: Number(name),
    train,
    evaluated,
  }));
  expect(told).toEqual(
    told.map(({ step }) => ({
      step,
      train: Math.fround(losses.get(step) ?? Number.NaN),
      evaluated: dev.get(step) ?? Number.NaN,
    })),
  );
  const results = new Map(
    (await panel.figures('metrics')).map(({ name, values }) => [name, values.slice(0, 2)]),
  );
  const { split: _, ...metrics } = record.metrics ?? { split: '' };
  expect(Object.keys(metrics).length).toBeGreaterThan(3);
  const untrained: Record<string, unknown> = { ...record.baselines?.untrained };
  for (const [name, value] of Object.entries(metrics)) {
    expect(results.get(name)).toEqual([value, untrained[name] ?? Number.NaN]);
  }
}

describe.skipIf(withoutWorkbench)('a folder of class images, right-clicked', () => {
  const lab = useLab();

  it('trains to the end, and the panel tells what the run folder holds', async () => {
    const workspace = await lab().workspace('shapes');
    await drawShapes(path.join(workspace, 'drawn'));
    const window = await lab().open(workspace);
    await window.fromContextMenu(['drawn'], 'Train Embedding Model');
    const panel = await window.panel();
    await panel.untilState('completed');
    const run = await newestRun(workspace);
    expect(run.record.state).toBe('completed');
    expect(run.record.environment.backend).toBe('tensorflow');
    await compareFigures(panel, run);
    await window.showRuns();
    expect(await window.runs.first().getAttribute('aria-label')).toMatch(/completed/i);
  });

  it.skipIf(!existsSync(digits))('learns real digits', async () => {
    const workspace = await lab().workspace('digits');
    await cp(digits, path.join(workspace, 'images_mnist'), { recursive: true });
    await writeSettings(path.join(workspace, 'images_mnist'), { epochs: 3 });
    const window = await lab().open(workspace);
    await window.fromContextMenu(['images_mnist'], 'Train Embedding Model');
    const panel = await window.panel();
    await panel.untilState('completed');
    const run = await newestRun(workspace);
    await compareFigures(panel, run);
    expect(run.record.metrics?.knn_accuracy).toBeGreaterThan(0.85);
  });
});
