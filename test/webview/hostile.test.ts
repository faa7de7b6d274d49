import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { RunFolder } from '../../src/engine/run/folder';
import { RunFeed } from '../../src/extension/panel/feed';
import { messageLimits, type ViewName } from '../../src/protocol/panel';
import { buildProgram, sharedFolder } from '../cli/support';
import { runsWith } from '../extension/panel-support';
import { angles, unitRows } from '../unit/explore/support';
import { dataset, record } from '../unit/run/support';
import { useBrowser } from './browser';
import { type HostedPage, openHosted } from './hosted';

const bench = useBrowser();

const labels = 50_000;
const plenty = 300;
const megabyte = 1024 * 1024;
let folder = '';

/** As many labels as items, but for some texts of a megabyte, and some that take six bytes a character on their way. */
beforeAll(async () => {
  buildProgram();
  const names = Array.from({ length: labels }, (_, i) => `label ${i} of very many`);
  names[0] = 'L'.repeat(megabyte);
  names[1] = '\u0001'.repeat(5_000);
  const content = names.map((_, i) =>
    i < 3 ? 'T'.repeat(megabyte) + i : i < plenty ? `${i} ${'\u0001'.repeat(5_000)}` : `text ${i}`,
  );
  const label = Int32Array.from(names.keys(), (i) => (i < plenty ? i % 2 : i));
  const all = [...names.keys()];
  const root = await sharedFolder();
  await mkdir(path.join(root, 'data'));
  const run = await RunFolder.create(path.join(root, 'runs'));
  folder = run.path;
  const train = { items: all, relations: { type: 'members', item: Int32Array.from(all) } } as const;
  const data = dataset({ content, label }, { train }, names);
  await run.writeItems(data);
  await run.begin({ ...record, dataset: { ...record.dataset, layout: 'labelled-texts', kind: 'text' } });
  const embeddings = unitRows(angles(...all.map((i) => (360 * i) / labels)));
  await run.writeEmbeddings([{ name: 'embeddings', shape: [labels, 2], data: embeddings }]);
  await run.update({ state: 'completed' });
  await run.release();
  const file = path.join(folder, 'run.json');
  const written = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const choice = { setting: 's', value: 'v'.repeat(megabyte), because: 'b'.repeat(megabyte) };
  await writeFile(
    file,
    JSON.stringify({ ...written, name: 'N'.repeat(megabyte), choices: [choice, choice] }),
  );
  await writeFile(
    path.join(folder, 'metrics.jsonl'),
    `${JSON.stringify({ event: 'evaluated', step: 10, split: 'dev', seconds: 1, metrics: { split: 'dev', loss: 1 } })}\n`,
  );
}, 120_000);

async function open(view: ViewName): Promise<HostedPage> {
  const feed = new RunFeed(
    path.basename(folder),
    runsWith(folder, {
      name: 'N'.repeat(megabyte),
      report: {
        layout: 'labelled-texts',
        ready: true,
        splits: {},
        columns: {},
        problems: Array.from({ length: 5_000 }, (_, i) => ({
          severity: 'warning',
          code: 'long',
          message: `problem ${i} ${'p'.repeat(10_000)}`,
        })),
        examples: [{ ['c'.repeat(megabyte)]: 'e'.repeat(megabyte) }],
      },
    }),
  );
  await feed.poll();
  feed.findings = Array.from({ length: 15 }, (_, i) => ({
    code: `finding-${i}`,
    severity: 'warning',
    title: `Finding ${i}`,
    evidence: 'E'.repeat(megabyte),
    advice: 'A'.repeat(megabyte),
  }));
  const others = Array.from({ length: 3_000 }, (_, i) => ({
    run: `run-${i}`,
    name: `${i} ${'o'.repeat(5_000)}`,
  }));
  return await openHosted(bench(), feed, { others, state: { folders: [], view, query: { row: 150 } } });
}

function withinLimit({ sizes }: HostedPage): void {
  expect(sizes.length).toBeGreaterThan(0);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(messageLimits.bytes);
}

test('health: evidence of any length is cut, and ends with an ellipsis', async () => {
  const opened = await open('health');
  const evidence = opened.page.locator('.evidence');
  await expect.poll(() => evidence.count()).toBe(15);
  for (const text of await evidence.allInnerTexts()) expect(text).toMatch(/^E{49,}…$/);
  await opened.page.getByText(/The data has \d+ warnings and more/).click();
  await opened.page.getByText(/and 4,\d\d\d more: the Problems view lists all/).waitFor();
  withinLimit(opened);
});

test('neighbours: rows say that they are cut, and one label of 50,000 is found by typing', async () => {
  const opened = await open('neighbours');
  const { page } = opened;
  const rows = page.getByTestId('neighbour-row');
  await rows.first().waitFor();
  await page.locator('.filters input[type=number]').fill('100');
  await page.locator('.filters input[type=number]').press('Enter');
  await expect.poll(() => rows.count()).toBe(100);
  const marks = rows.locator('.item-cut');
  expect(await marks.count()).toBeGreaterThan(80);
  expect(await marks.first().getAttribute('title')).toMatch(/open its source/);
  await page.getByText(/2,\d\d\d more runs are not listed/).waitFor();

  const field = page.getByTestId('neighbour-label');
  expect(await field.getAttribute('placeholder')).toMatch(/^all 49,702:/);
  await field.fill('label 4321');
  await page.getByText('11 of 11 labels found').waitFor();
  await field.press('ArrowDown');
  await field.press('Enter');
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.locator('td.label').innerText()).toContain('label 4321 of very many');
  // A label of a megabyte, by its first letters.
  await field.fill('LLLL');
  await page.getByText('1 of 1 labels found').waitFor();
  await page.getByRole('option', { name: /^L/ }).click();
  await expect.poll(() => rows.count()).toBe(100);
  expect(await rows.first().locator('td.label').innerText()).toMatch(/^L{99,}…$/);
  withinLimit(opened);
});

test('pairs: all that can be asked for at once goes into one message', async () => {
  const opened = await open('pairs');
  const { page } = opened;
  await page.getByRole('button', { name: 'Hardest positives' }).click();
  const rows = page.locator('.pairs-view[aria-busy=false] [data-testid=pairs-table] tbody tr');
  for (const count of [50, 100, 150, 200]) {
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(count);
    if (count < 200) await page.getByRole('button', { name: 'Show 50 more' }).click();
  }
  expect(await rows.locator('.item-cut').count()).toBeGreaterThan(300);
  withinLimit(opened);
});

test('map: the frequent labels have names, the others are one group, and both are counted', async () => {
  const opened = await open('map');
  const { page } = opened;
  await page.locator('[data-testid=map][aria-busy=false] canvas').waitFor({ timeout: 30_000 });
  await page.getByText(/The [\d,]+ most frequent of 49,702 labels go by their names/).waitFor();
  await page.locator('.map-legend').getByText('other labels').waitFor();
  expect(await page.locator('.map-legend li').first().innerText()).toMatch(/other labels\s+[\d,]+/);
  withinLimit(opened);
});
