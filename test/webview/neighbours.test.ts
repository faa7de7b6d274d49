import { beforeAll, describe, expect, test } from 'vitest';
import type { NeighbourAnswer } from '../../src/protocol/explore';
import type { PanelRequests } from '../../src/protocol/panel';
import { buildProgram, jsonLines, run as runProgram, sharedFolder } from '../cli/support';
import { barriers } from './axe';
import { type ExploredPage, gate, hostileText, imageRun, openExplored, textRun } from './explored';
import { type Recorded, themes, useBrowser } from './support';

const bench = useBrowser();
let text: Recorded;
let images: Recorded;
beforeAll(async () => {
  buildProgram();
  const folder = await sharedFolder();
  [text, images] = [await textRun(folder), await imageRun(folder)];
}, 120_000);

const state = { folders: [], view: 'neighbours' } as const;
const question = 'who made the lamp for the smith';

async function lookUp({ page }: ExploredPage, words: string): Promise<void> {
  await page.getByTestId('neighbour-query').fill(words);
  await page.getByTestId('neighbour-query').press('Enter');
}

/** What stands in the table: rank, similarity, item and place of each row. */
async function rowsOf({ page }: ExploredPage): Promise<string[][]> {
  await page
    .locator('[data-testid=neighbour-results][aria-busy=false] [data-testid=neighbour-row]')
    .first()
    .waitFor();
  const rows = await page.getByTestId('neighbour-row').all();
  return await Promise.all(
    rows.map(async (row) => (await row.locator('td').allInnerTexts()).map((cell) => cell.trim())),
  );
}

describe('a text', () => {
  test('has the neighbours that the command line gives', async () => {
    const opened = await openExplored(bench(), text, { state });
    await lookUp(opened, question);
    const shown = await rowsOf(opened);
    const { stdout } = await runProgram(
      ['neighbours', text.folder, '--text', question, '-k', '10', '--json'],
      text.folder,
    );
    const told = jsonLines(stdout).flatMap((line) =>
      'neighbours' in line ? (line['neighbours'] as object[]) : [line],
    );
    const expected = told
      .filter((row): row is { similarity: number; content: string } => 'similarity' in row)
      .map(({ similarity, content }) => [similarity.toFixed(4), content]);
    expect(expected).toHaveLength(10);
    expect(shown.map((cells) => [cells[1], cells[2]])).toEqual(expected);
    await opened.page.getByText(/Cosine of L2-normalised embeddings · the trained model/).waitFor();
  });

  test('is never taken for HTML', async () => {
    const opened = await openExplored(bench(), text, { state });
    await lookUp(opened, hostileText);
    await rowsOf(opened);
    await opened.page.locator('.asked').getByText(hostileText).waitFor();
    expect(await opened.page.locator('main img').count()).toBe(0);
    expect(await opened.page.title()).not.toBe('taken');
  });

  test('is found among the items while it is typed, by keyboard alone', async () => {
    const opened = await openExplored(bench(), text, { state });
    const field = opened.page.getByTestId('neighbour-query');
    await field.focus();
    await opened.page.keyboard.type('number 42 ');
    // Not those of what had been typed before.
    const options = opened.page.getByRole('option').filter({ hasText: 'number 42 ' });
    await options.nth(1).waitFor();
    await opened.page.keyboard.press('ArrowDown');
    await opened.page.keyboard.press('ArrowDown');
    expect(await field.getAttribute('aria-activedescendant')).toBe('neighbour-query-1');
    await opened.page.keyboard.press('Enter');
    await rowsOf(opened);
    await opened.page
      .locator('.asked')
      .getByText(/number 42 /)
      .waitFor();
    expect(await field.getAttribute('aria-expanded')).toBe('false');
  });
});

test('a row opens its source, and becomes the next query', async () => {
  const opened = await openExplored(bench(), text, { state });
  await lookUp(opened, question);
  await rowsOf(opened);
  const second = opened.page.getByTestId('neighbour-row').nth(1);
  await opened.page.getByTestId('neighbour-row').first().focus();
  await opened.page.keyboard.press('ArrowDown');
  await opened.page.keyboard.press('Enter');
  await opened.settled();
  const place = (await second.locator('.item-place').innerText()).trim();
  const revealed = opened.wish('reveal')?.item;
  expect(`${revealed?.file}:${revealed?.line}`).toBe(place);
  const content = await second.locator('.item-text').innerText();
  // By mouse, anywhere in the row.
  const third = opened.page.getByTestId('neighbour-row').nth(2);
  await third.locator('.item-text').click();
  await opened.settled();
  const clicked = opened.wish('reveal')?.item;
  expect(`${clicked?.file}:${clicked?.line}`).toBe((await third.locator('.item-place').innerText()).trim());
  await second.getByRole('button', { name: /Look up/ }).click();
  await opened.page.locator('.asked').getByText(content, { exact: true }).waitFor();
});

test('what entered and left since the untrained model is said in words', async () => {
  const opened = await openExplored(bench(), text, { state });
  const { page, explorer } = opened;
  const since = { at: 0 };
  const { map } = await explorer.map({ ...since, method: 'pca' });
  // Of the items that were kept at step 0, one whose list has changed since.
  let answer: NeighbourAnswer | undefined;
  for (const row of explorer.mapPoints({ map, from: 0 }).row) {
    answer = await explorer.neighbours({ query: { row }, k: 10, at: 'final', since });
    if (answer.rows.some(({ entered }) => entered)) break;
  }
  const entered = answer?.rows.filter((row) => row.entered) ?? [];
  expect(entered.length).toBeGreaterThan(0);
  opened.tell('show', { view: 'neighbours', query: { row: answer?.query?.row ?? -1 } });
  await rowsOf(opened);
  await page.locator('vscode-dropdown[aria-label="Compare with"]').click();
  await page.getByRole('option', { name: /step 0/ }).click();
  const left = answer?.left?.length ?? 0;
  await page.getByText(`: ${entered.length} entered, ${left} left.`).waitFor();
  expect(await page.locator('.neighbour .change', { hasText: 'entered' }).count()).toBe(entered.length);
  expect(await page.getByTestId('neighbour-left').count()).toBe(left);
});

test('a list that cannot be compared says why, and claims no change', async () => {
  const opened = await openExplored(bench(), text, { state: { ...state, query: { text: question } } });
  await rowsOf(opened);
  await opened.page.locator('vscode-dropdown[aria-label="Compare with"]').click();
  await opened.page.getByRole('option', { name: /step 0/ }).click();
  await opened.page.getByText('there is no earlier list to compare with').waitFor();
  expect(await opened.page.getByText(/entered/).count()).toBe(0);
});

function answerOf(source: string): NeighbourAnswer {
  const row = { row: 1, id: 'a', content: source, rank: 1, similarity: 0.5 };
  return { rows: [row], source, searched: 1, of: 1 };
}

test('only the newest answer is shown; the one before is faint meanwhile', async () => {
  const slow = gate();
  const opened = await openExplored(bench(), text, {
    state,
    answers: {
      async neighbours({ query }) {
        const words = 'text' in query ? query.text : '';
        if (words === 'slow') await slow.passed;
        return answerOf(words);
      },
    },
  });
  await lookUp(opened, 'first');
  await rowsOf(opened);
  await lookUp(opened, 'slow');
  await opened.page.locator('.answer-stale').getByText('first').first().waitFor();
  await lookUp(opened, 'newest');
  await opened.page.locator('[aria-busy=false]').getByText('newest').first().waitFor();
  slow.open();
  await opened.settled();
  expect((await rowsOf(opened))[0]?.[2]).toBe('newest');
});

test('a failure is told in place, and asked again at a click', async () => {
  let failing = true;
  const opened = await openExplored(bench(), text, {
    state,
    answers: {
      neighbours() {
        if (failing) throw new Error('The embeddings of step 3 are gone: train again.');
        return { rows: [], source: 'here', searched: 0, of: 0 };
      },
    },
  });
  await lookUp(opened, question);
  await opened.page
    .getByRole('alert')
    .getByText('The embeddings of step 3 are gone: train again.', { exact: true })
    .waitFor();
  failing = false;
  await opened.page.getByRole('button', { name: 'Try again' }).click();
  await opened.page.getByText('no item passes these filters').waitFor();
  expect(await opened.page.getByRole('alert').count()).toBe(0);
});

test('the list is copied and saved as it is shown', async () => {
  const asked: PanelRequests['saveNeighbours']['params'][] = [];
  const opened = await openExplored(bench(), text, {
    state: { ...state, query: { text: question } },
    answers: {
      saveNeighbours(params) {
        asked.push(params);
        return { saved: true };
      },
    },
  });
  const rows = await rowsOf(opened);
  await opened.page.getByRole('button', { name: 'Copy as CSV' }).click();
  await opened.page.getByText('Copied 10 rows.').waitFor();
  await opened.page.getByRole('button', { name: 'Save as JSONL' }).click();
  await opened.page.getByText('Saved.').waitFor();
  expect(asked.map(({ format, to }) => [format, to])).toEqual([
    ['csv', 'clipboard'],
    ['jsonl', 'file'],
  ]);
  expect(asked[0]?.rows.map(({ content }) => content)).toEqual(rows.map((cells) => cells[2]));
});

test('the number of neighbours and the label are kept to', async () => {
  const opened = await openExplored(bench(), images, { state: { ...state, query: { row: 0 } } });
  await rowsOf(opened);
  await opened.page.getByRole('spinbutton').fill('3');
  await opened.page.getByRole('spinbutton').press('Enter');
  await expect.poll(async () => (await rowsOf(opened)).length).toBe(3);
  await opened.page.locator('vscode-dropdown[aria-label=Label]').click();
  await opened.page.getByRole('option', { name: 'frame' }).click();
  await expect.poll(async () => (await rowsOf(opened)).every((cells) => cells[3] === 'frame')).toBe(true);
});

test('an image that the editor sends is looked up, with its thumbnail', async () => {
  const opened = await openExplored(bench(), images, { state: { ...state, view: 'loss' } });
  const image = `${images.head.dataset.path}/disc/3.png`;
  opened.tell('show', {
    view: 'neighbours',
    query: { image },
    image: `${bench().address}/image?path=${encodeURIComponent(image)}`,
  });
  await rowsOf(opened);
  const thumbnail = opened.page.locator('.asked img');
  await expect.poll(() => thumbnail.evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBe(28);
  expect(await opened.page.getByTestId('neighbour-row').first().locator('img').count()).toBe(1);
});

test.each(themes)('no serious finding of axe in %s', async (theme) => {
  const opened = await openExplored(bench(), text, {
    theme,
    state: { ...state, query: { text: question } },
    others: [{ run: 'other', name: 'another run' }],
  });
  await rowsOf(opened);
  await opened.page.getByTestId('neighbour-query').fill('who made');
  await opened.page.getByRole('option').first().waitFor();
  expect(await barriers(opened)).toEqual([]);
});
