import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { PairKind } from '../../src/protocol/explore';
import { buildProgram, sharedFolder } from '../cli/support';
import { barriers } from './axe';
import { type ExploredPage, gate, imageRun, openExplored } from './explored';
import { type Recorded, themes, useBrowser } from './support';

const bench = useBrowser();
let images: Recorded;
beforeAll(async () => {
  buildProgram();
  images = await imageRun(await sharedFolder());
}, 120_000);

const state = { folders: [], view: 'pairs' } as const;

async function similarities({ page }: ExploredPage): Promise<number[]> {
  await page.locator('.pairs-view[aria-busy=false] [data-testid=pairs-table]').waitFor();
  const cells = await page.locator('[data-testid=pairs-table] tbody td:first-child').allInnerTexts();
  return cells.map((cell) => Number(cell.replace('−', '-')));
}

test.each([
  ['hardest-positives', 'Hardest positives'],
  ['hardest-negatives', 'Hardest negatives'],
] as const)('%s are those of the run', async (kind: PairKind, name) => {
  const opened = await openExplored(bench(), images, { state });
  await opened.page.getByRole('button', { name }).click();
  const answer = await opened.explorer.pairs({ kind, at: 'final', limit: 50 });
  await expect
    .poll(async () => await similarities(opened))
    .toEqual(answer.rows.map(({ similarity }) => Number(similarity.toFixed(4))));
  await opened.page.getByText(answer.source).waitFor();
});

test('a mark is kept, shown as pressed, and taken back', async () => {
  const opened = await openExplored(bench(), images, { state });
  await similarities(opened);
  const { page } = opened;
  const row = page.locator('[data-testid=pairs-table] tbody tr').nth(1);
  const same = row.getByRole('button', { name: /^Same/ });
  const different = row.getByRole('button', { name: /^Different/ });
  await same.click();
  const told = page.getByText(/1 mark is kept in .*; the next run/);
  await told.waitFor();
  expect(await same.getAttribute('aria-pressed')).toBe('true');
  const file = /kept in (.*);/.exec(await told.innerText())?.[1] ?? '';
  expect(await readFile(file, 'utf8')).toContain('"same"');

  // By key, within the row.
  await same.press('d');
  await expect.poll(() => different.getAttribute('aria-pressed')).toBe('true');
  expect(await same.getAttribute('aria-pressed')).toBe('false');
  const undo = page.getByRole('button', { name: 'Undo the last mark' });
  await undo.click();
  await expect.poll(() => same.getAttribute('aria-pressed')).toBe('true');
  await undo.click();
  await page.getByText(/0 marks are kept/).waitFor();
  expect(await same.getAttribute('aria-pressed')).toBe('false');
});

test('a mark that cannot be kept is taken back and said', async () => {
  const opened = await openExplored(bench(), images, {
    state,
    answers: {
      mark() {
        throw new Error('The folder of the dataset cannot be written to.');
      },
    },
  });
  await similarities(opened);
  const same = opened.page.getByRole('button', { name: /^Same/ }).first();
  await same.click();
  await opened.page.getByRole('alert').getByText('The folder of the dataset cannot be written to.').waitFor();
  expect(await same.getAttribute('aria-pressed')).toBe('false');
});

test('a search that takes long says how far it is, and can be given up and begun again', async () => {
  const items = gate();
  const search = gate();
  let asked = 0;
  const opened: ExploredPage = await openExplored(bench(), images, {
    state: { folders: [], view: 'loss' },
    answers: {
      async pairs(query) {
        asked++;
        if (asked > 1) return await opened.explorer.pairs(query);
        opened.tell('busy', { what: 'items', done: 1, total: 2 });
        await items.passed;
        opened.tell('busy', { what: 'pairs', done: 25, total: 100 });
        await search.passed;
        throw new Error('It was given up.');
      },
    },
  });
  const { page } = opened;
  await page.getByRole('tab', { name: 'Pairs' }).click();
  const reading = page.getByRole('progressbar', { name: 'Reading the items …' });
  await reading.waitFor();
  items.open();
  const progress = page.getByRole('progressbar', { name: 'Searching pairs …' });
  await progress.waitFor();
  expect(await progress.getAttribute('value')).toBe('25');
  await page.getByText(/25\s%/).waitFor();
  expect(await barriers(opened)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The search was given up.').waitFor();
  search.open();
  await page.getByRole('button', { name: 'Search Again' }).click();
  expect((await similarities(opened)).length).toBeGreaterThan(0);
  expect(asked).toBe(2);
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('a mark on items that are not in train says that the next run does not learn from it', async () => {
  const opened: ExploredPage = await openExplored(bench(), images, {
    state: { ...state, view: 'loss' },
    answers: {
      async pairs(query) {
        const answer = await opened.explorer.pairs({ ...query, limit: 2 });
        const [one, other] = answer.rows;
        if (one === undefined || other === undefined) throw new Error('the run has no pairs');
        const inSplit = (row: typeof one, split: 'train' | 'dev'): typeof one => ({
          ...row,
          first: { ...row.first, split: 'train' },
          second: { ...row.second, split },
        });
        return { ...answer, rows: [inSplit(one, 'dev'), inSplit(other, 'train')] };
      },
    },
  });
  await opened.page.getByRole('tab', { name: 'Pairs' }).click();
  await similarities(opened);
  const rows = opened.page.locator('[data-testid=pairs-table] tbody tr');
  const idle = opened.page.getByText(/changes nothing in the next run: an item of this pair is in dev/);
  expect(await idle.count()).toBe(0);
  for (const row of await rows.all()) {
    const same = row.getByRole('button', { name: /^Same/ });
    await same.click();
    await expect.poll(() => same.getAttribute('aria-pressed')).toBe('true');
  }
  expect(
    await rows
      .nth(0)
      .getByText(/changes nothing in the next run/)
      .count(),
  ).toBe(1);
  expect(await idle.count()).toBe(1);
  for (const row of await rows.all()) await row.getByRole('button', { name: /^Same/ }).click();
  await expect.poll(() => idle.count()).toBe(0);
});

test.each(themes)('no serious finding of axe in %s', async (theme) => {
  const opened = await openExplored(bench(), images, {
    state: { ...state, pairs: 'hardest-negatives' },
    theme,
  });
  await similarities(opened);
  await opened.page
    .getByRole('button', { name: /^Different/ })
    .first()
    .click();
  expect(await barriers(opened)).toEqual([]);
});
