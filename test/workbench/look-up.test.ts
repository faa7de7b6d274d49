import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonLines, run, writePairs } from '../cli/support';
import { writeSettings } from './data';
import { newestRun, trainBefore } from './runs';
import { useLab, withoutWorkbench } from './support';

const question = 'who made the lamp for the weaver';

describe.skipIf(withoutWorkbench)('a run on texts', () => {
  const lab = useLab();

  it('answers a free text with the rows of `infonce neighbours`', async () => {
    const workspace = await lab().workspace('texts');
    await writePairs(path.join(workspace, 'pairs'));
    await writeSettings(path.join(workspace, 'pairs'), { epochs: 4 });
    await trainBefore(workspace, 'pairs');
    const { folder } = await newestRun(workspace);
    const asked = await run(['neighbours', folder, '--text', question, '-k', '10', '--json'], workspace);
    const expected = jsonLines(asked.stdout).map(({ content, similarity }) => ({
      content,
      similarity: Number(similarity).toFixed(4),
    }));

    const window = await lab().open(workspace);
    await window.command('Look Up Neighbours…');
    // The only run there is, then the text.
    await window.quickPicks.first().click();
    await window.type(question);
    const panel = await window.panel();
    const rows = panel.frame.getByTestId('neighbour-row');
    await rows.nth(9).waitFor();
    const shown = await rows.evaluateAll((all) =>
      all.map((row) => ({
        content: row.querySelector('.item-text')?.textContent ?? '',
        similarity: row.querySelector('.number')?.textContent?.replace('−', '-') ?? '',
      })),
    );
    expect(shown.slice(0, 10)).toEqual(expected);

    await rows.first().locator('.item-place').click();
    await window.tabs.filter({ hasText: 'data.csv' }).waitFor();
  });

  it('shows texts that are HTML as texts', async () => {
    const hostile = [
      '<img src=x onerror="window.broken = 1">',
      '<script>window.broken = 1</script>',
      '<b>bold</b>',
    ];
    const workspace = await lab().workspace('hostile');
    await mkdir(path.join(workspace, 'data'));
    const lines = Array.from({ length: 120 }, (_, i) => {
      const markup = hostile[i % 3] ?? '';
      return `"${markup.replaceAll('"', '""')} question ${i}","${markup.replaceAll('"', '""')} answer ${i}"`;
    });
    await writeFile(path.join(workspace, 'data/pairs.csv'), `anchor,positive\n${lines.join('\n')}\n`);
    await writeSettings(path.join(workspace, 'data'), { epochs: 2 });
    await trainBefore(workspace, 'data', '--name', hostile[0] ?? '');

    const window = await lab().open(workspace);
    await window.showRuns();
    await window.runs.first().click();
    const panel = await window.panel();
    await panel.untilState('completed');
    expect(await panel.frame.locator('h1').textContent()).toBe(hostile[0]);
    await panel.show('neighbours');
    const field = panel.frame.getByTestId('neighbour-query');
    await field.fill('question 7');
    await field.press('Enter');
    const rows = panel.frame.getByTestId('neighbour-row');
    await rows.first().waitFor();
    const texts = await rows.locator('.item-text').allTextContents();
    expect(texts.some((text) => text.includes('<script>window.broken = 1</script>'))).toBe(true);
    await panel.show('pairs');
    await panel.frame.getByTestId('pairs-table').waitFor();
    expect(await panel.frame.locator('img[onerror], body b, body script:not([nonce])').count()).toBe(0);
    expect(await panel.frame.locator('body').evaluate(() => 'broken' in window)).toBe(false);
  });
});
