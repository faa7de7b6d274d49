import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { PairKind } from '../../src/protocol/explore';
import { buildProgram, sharedFolder } from '../cli/support';
import { barriers } from './axe';
import { type ExploredPage, imageRun, openExplored } from './explored';
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
