import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeSample, sampleFolder } from '../../scripts/sample.mjs';
import type { ViewName } from '../../src/protocol/panel';
import { barriers } from '../webview/axe';
import { writeSettings } from './data';
import { frameOf, type Panel } from './panel';
import { trainBefore } from './runs';
import { useLab, withoutWorkbench } from './support';
import type { Window } from './window';

const pictures = path.join(import.meta.dirname, '../../media/screenshots');
/** With it the pictures of the read-me are made anew. */
const photographs = process.env.INFONCE_SCREENSHOTS !== undefined;

const themes = [
  ['light', 'Light Modern', 'vscode-light'],
  ['dark', 'Dark Modern', 'vscode-dark'],
  ['hc-dark', 'Default High Contrast', 'vscode-high-contrast'],
  ['hc-light', 'Default High Contrast Light', 'vscode-high-contrast-light'],
] as const;

/** Each view, and what is there when it has its answer. */
const views: readonly [ViewName, (panel: Panel) => Promise<void>][] = [
  ['loss', ({ frame }) => frame.getByTestId('loss-chart').locator('canvas').first().waitFor()],
  ['similarities', ({ frame }) => frame.getByTestId('decision').waitFor()],
  [
    'neighbours',
    async ({ frame }) => {
      await frame.getByTestId('neighbour-query').fill('0');
      await frame.getByRole('option').first().click();
      await frame.getByTestId('neighbour-row').nth(5).waitFor();
    },
  ],
  ['pairs', ({ frame }) => frame.getByTestId('pairs-table').waitFor()],
  ['map', ({ frame }) => frame.getByTestId('map').locator('canvas').first().waitFor()],
  ['health', ({ frame }) => frame.getByTestId('health').locator('li').first().waitFor()],
];

/** The size of a picture is the same everywhere. */
async function photograph(window: Window, name: string): Promise<void> {
  if (photographs) await window.page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

describe.skipIf(withoutWorkbench)('every view', () => {
  const lab = useLab();

  let workspace: string;

  beforeAll(async () => {
    await makeSample();
    workspace = await lab().workspace('digits');
    await cp(path.join(sampleFolder, 'digits'), path.join(workspace, 'digits'), { recursive: true });
    await writeSettings(path.join(workspace, 'digits'), { epochs: 4 });
    for (const temperature of ['0.1', '0.2']) {
      const name = `temperature ${temperature}`;
      await trainBefore(workspace, 'digits', '--temperature', temperature, '--name', name);
    }
    if (photographs) await mkdir(pictures, { recursive: true });
  }, 240_000);

  it.each(themes)('can be used by everybody in the theme %s', async (theme, colorTheme, bodyClass) => {
    lab().settings({ 'workbench.colorTheme': colorTheme });
    const window = await lab().open(workspace);
    await window.showRuns();
    await window.runs.filter({ hasText: 'temperature 0.1' }).click();
    const panel = await window.panel();
    await panel.untilState('completed');
    await panel.frame.locator(`body.${bodyClass}`).waitFor();
    for (const [view, ready] of views) {
      await panel.show(view);
      await ready(panel);
      expect({ view, barriers: await barriers({ page: await frameOf(panel.frame) }) }).toEqual({
        view,
        barriers: [],
      });
      if (!theme.startsWith('hc')) await photograph(window, `${view}-${theme}`);
    }
    await window.command('Compare Runs…');
    for (const name of ['temperature 0.1', 'temperature 0.2']) await window.tick(name);
    await window.acceptTicked();
    const frame = await window.frameWith('compare-table');
    await frame.locator('canvas').first().waitFor();
    expect(await barriers({ page: await frameOf(frame) })).toEqual([]);
    if (!theme.startsWith('hc')) await photograph(window, `compare-${theme}`);
  });
});
