import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePairs } from '../cli/support';
import { writeSettings } from './data';
import { Keyboard, type Stop } from './keyboard';
import { useLab, withoutWorkbench } from './support';
import { until } from './wait';
import type { Window } from './window';

/** Opens the menu of the first row of the Explorer and goes down to an entry. */
async function trainByKeyboard({ page }: Window): Promise<void> {
  await page.keyboard.press('Control+Shift+E');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+F10');
  await page.locator('.monaco-menu').waitFor();
  await until('the entry of the menu', async () => {
    await page.keyboard.press('ArrowDown');
    const chosen = page.locator('.monaco-menu .action-item.focused');
    return (await chosen.innerText()).startsWith('Train Embedding Model');
  });
  await page.keyboard.press('Enter');
}

describe.skipIf(withoutWorkbench)('somebody without a mouse', () => {
  const lab = useLab();

  it('trains, and comes to everything in the panel and out of it', async () => {
    const workspace = await lab().workspace('keys');
    await writePairs(path.join(workspace, 'pairs'));
    await writeSettings(path.join(workspace, 'pairs'), { epochs: 3 });
    const window = await lab().open(workspace);
    await window.file('pairs').then((row) => row.waitFor());
    await window.untilOffered('InfoNCE Lab: Train Embedding Model');
    await trainByKeyboard(window);
    const panel = await window.panel();
    await panel.untilState('completed');
    const { frame } = panel;
    const keyboard = await Keyboard.on(window, panel);
    const passed: Stop[] = [];

    passed.push(
      ...(await keyboard.tabTo(/^tab Loss$/)),
      ...(await keyboard.tabTo(/^Evaluation that is shown$/)),
    );
    const position = frame.locator('.scrubber output');
    const newest = await position.innerText();
    await keyboard.press('ArrowLeft');
    await until('an earlier evaluation', async () => (await position.innerText()) !== newest);
    passed.push(...(await keyboard.tabOut()));

    let marks = '';
    for (const view of ['Similarities', 'Neighbours', 'Pairs', 'Map', 'Health']) {
      await keyboard.tabTo(/^tab /, 'Shift+Tab');
      await keyboard.press('ArrowRight');
      await keyboard.untilOn(new RegExp(`^tab ${view}$`));
      if (view === 'Neighbours') {
        passed.push(...(await keyboard.tabTo(/^combobox Text or item to look up/)));
        await window.page.keyboard.type('who made the lamp');
        await keyboard.press('Enter');
        await frame.getByTestId('neighbour-row').nth(9).waitFor();
        passed.push(...(await keyboard.tabTo(/^1 /)));
        await keyboard.press('ArrowDown');
        await keyboard.untilOn(/^2 /);
      }
      if (view === 'Pairs') {
        await frame.getByTestId('pairs-table').waitFor();
        passed.push(...(await keyboard.tabTo(/^Different: /)));
        await keyboard.press('s');
        const told = await frame.getByText('1 mark is kept in').innerText();
        marks = await readFile(/kept in (.*);/.exec(told)?.[1] ?? '', 'utf8');
      }
      if (view === 'Map') await frame.getByTestId('map').locator('canvas').first().waitFor();
      // Its table has stops by the hundred, and the way back is short.
      if (view !== 'Pairs') passed.push(...(await keyboard.tabOut()));
    }
    expect(marks).toContain('"same"');
    expect(passed.filter(({ visible }) => !visible)).toEqual([]);
    expect(passed.filter(({ name }) => name === '')).toEqual([]);
  });
});
