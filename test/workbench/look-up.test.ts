import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Locator } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, run, writePairs } from '../cli/support';
import { drawShapes, writeSettings } from './data';
import type { Panel } from './panel';
import { newestRun, trainBefore } from './runs';
import { useLab, withoutWorkbench } from './support';
import { until } from './wait';

const question = 'who made the lamp for the weaver';

interface Row {
  /** The text, or the path of the image. */
  readonly item: string;
  /** To four digits, as the panel shows it. */
  readonly similarity: string;
}

/** What the command line answers, ten rows. */
async function neighboursOf(folder: string, ...query: readonly string[]): Promise<Row[]> {
  const { stdout } = await run(['neighbours', folder, ...query, '-k', '10', '--json'], folder);
  return jsonLines(stdout).map(({ content, path: file, similarity }) => ({
    item: String(content ?? file),
    similarity: Number(similarity).toFixed(4),
  }));
}

/** What the panel shows, ten rows. */
async function shownRows({ frame }: Panel): Promise<Row[]> {
  const rows = frame.getByTestId('neighbour-row');
  await rows.nth(9).waitFor();
  return await rows.evaluateAll((all) =>
    all.slice(0, 10).map((row) => ({
      item:
        row.querySelector('.item img')?.getAttribute('alt') ??
        row.querySelector('.item')?.textContent?.trim() ??
        '',
      similarity: row.querySelector('.number')?.textContent?.replace('−', '-') ?? '',
    })),
  );
}

describe.skipIf(withoutWorkbench)('a run on texts', () => {
  const lab = useLab();
  let workspace: string;
  let folder: string;

  beforeAll(async () => {
    workspace = await lab().workspace('texts');
    await writePairs(path.join(workspace, 'pairs'));
    await writeSettings(path.join(workspace, 'pairs'), { epochs: 4 });
    await trainBefore(workspace, 'pairs');
    ({ folder } = await newestRun(workspace));
  });

  it('answers a free text with the rows of `infonce neighbours`', async () => {
    const window = await lab().open(workspace);
    await window.command('Look Up Neighbours…');
    await window.type(question);
    const panel = await window.panel();
    expect(await shownRows(panel)).toEqual(await neighboursOf(folder, '--text', question));

    await panel.frame.getByTestId('neighbour-row').first().locator('.item-place').click();
    await window.tabs.filter({ hasText: 'data.csv' }).waitFor();
  });

  it('answers for what is marked in an editor, beside it', async () => {
    const window = await lab().open(workspace);
    const line = 3;
    await window.markLine(line, 'pairs', 'data.csv');
    await window.fromMenu(() => window.page.keyboard.press('Shift+F10'), 'Look Up Neighbours…');
    const panel = await window.panel();
    const text = (await readFile(path.join(workspace, 'pairs/data.csv'), 'utf8')).split('\n')[line - 1] ?? '';
    expect(await shownRows(panel)).toEqual(await neighboursOf(folder, '--text', text));
    expect(await window.page.locator('.editor-group-container').count()).toBe(2);
  });

  it('gives its neighbours away, to the clipboard and as files', async () => {
    const window = await lab().open(workspace);
    await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await window.command('Look Up Neighbours…');
    await window.type(question);
    const panel = await window.panel();
    const shown = await shownRows(panel);
    const button = (name: string): Locator => panel.frame.getByRole('button', { name });

    await button('Copy as JSONL').click();
    await panel.frame.getByText('Copied 10 rows.').waitFor();
    const copied = await window.page.evaluate(() => navigator.clipboard.readText());
    const rows = jsonLines(copied);
    expect(rows.map(({ content }) => content)).toEqual(shown.map(({ item }) => item));

    for (const [name, file] of [
      ['Save as JSONL', 'neighbours.jsonl'],
      ['Save as CSV', 'mine.csv'],
    ] as const) {
      await button(name).click();
      await window.acceptPath(path.join(workspace, file));
      await until(file, () => existsSync(path.join(workspace, file)));
      await panel.frame.getByText('Saved.').waitFor();
    }
    expect(await readFile(path.join(workspace, 'neighbours.jsonl'), 'utf8')).toBe(copied);
    const table = await readFile(path.join(workspace, 'mine.csv'), 'utf8');
    const cells: string[][] = parse(table, { columns: false });
    expect(cells.slice(1).map(([rank, , , content]) => [rank, content])).toEqual(
      shown.map(({ item }, i) => [String(i + 1), item]),
    );
  });

  it('shows texts that are HTML as texts', async () => {
    const hostile = [
      '<img src=x onerror="window.broken = 1">',
      '<script>window.broken = 1</script>',
      '<b>bold</b>',
    ];
    const foreign = await lab().workspace('hostile');
    await mkdir(path.join(foreign, 'data'));
    const lines = Array.from({ length: 120 }, (_, i) => {
      const markup = hostile[i % 3] ?? '';
      return `"${markup.replaceAll('"', '""')} question ${i}","${markup.replaceAll('"', '""')} answer ${i}"`;
    });
    await writeFile(path.join(foreign, 'data/pairs.csv'), `anchor,positive\n${lines.join('\n')}\n`);
    await writeSettings(path.join(foreign, 'data'), { epochs: 2 });
    await trainBefore(foreign, 'data', '--name', hostile[0] ?? '');

    const window = await lab().open(foreign);
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

describe.skipIf(withoutWorkbench)('a run on images', () => {
  const lab = useLab();

  it('answers for an image that is right-clicked, and for one that the panel asks for', async () => {
    const workspace = await lab().workspace('images');
    await drawShapes(path.join(workspace, 'drawn'), 20);
    await writeSettings(path.join(workspace, 'drawn'), { epochs: 2 });
    await trainBefore(workspace, 'drawn');
    const { folder } = await newestRun(workspace);
    const image = (name: string): string => path.join(workspace, 'drawn/circle', name);

    const window = await lab().open(workspace);
    await window.fromContextMenu(['drawn', 'circle', '7.png'], 'Look Up Neighbours…');
    const panel = await window.panel();
    expect(await shownRows(panel)).toEqual(await neighboursOf(folder, '--image', image('7.png')));
    const thumbnails = panel.frame.getByTestId('neighbour-row').locator('img');
    expect(
      await thumbnails.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth)),
    ).toEqual(Array.from({ length: 10 }, () => 28));

    await panel.frame.getByRole('button', { name: 'Image …' }).click();
    await window.acceptPath(image('12.png'));
    await panel.frame.getByTestId('neighbour-results').getByText('12.png').first().waitFor();
    const expected = await neighboursOf(folder, '--image', image('12.png'));
    await until('the neighbours of the other image', async () => {
      return JSON.stringify(await shownRows(panel)) === JSON.stringify(expected);
    });
  });
});
