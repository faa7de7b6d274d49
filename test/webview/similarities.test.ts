import { expect, test } from 'vitest';
import { decide, overlap } from '../../src/webview/similarities/separation';
import { openPage, useBrowser } from './support';
import { useRuns } from './trained';

const bench = useBrowser();
const runs = useRuns();
const state = { folders: [], view: 'similarities' } as const;

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(1)}\u00a0%`;
}

test('the table has the bins of the evaluation, and the figures follow from them', async () => {
  const { page } = await openPage(bench(), { runs: [runs().cold], state });
  const { best } = runs().cold.head.record ?? {};
  const at = runs().cold.evaluations.find(({ step }) => step === best?.step);
  if (at?.histogram === undefined) throw new Error('the run has no histogram');
  const bins = await page
    .locator('table[data-table=histogram] tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll<HTMLElement>('[data-value]')].map((cell) => Number(cell.dataset['value'])),
      ),
    );
  expect(bins.map(([positives]) => positives)).toEqual([...at.histogram.positives]);
  expect(bins.map(([, negatives]) => negatives)).toEqual([...at.histogram.negatives]);
  expect(await page.getByTestId('overlap').innerText()).toBe(
    `${(100 * overlap(at.histogram)).toFixed(1)}\u00a0%`,
  );
  expect(await page.getByTestId('auc').innerText()).toBe(at.metrics.pair_roc_auc?.toFixed(4));
});

test('the first evaluation stays as a ghost, except where it is the one that is shown', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold], state });
  const ghosts = opened.page.locator('.ghost');
  expect(await ghosts.count()).toBe(2);
  await opened.page.getByTestId('epoch-scrubber').fill('0');
  await opened.settled();
  expect(await ghosts.count()).toBe(0);
});

test('the threshold moves by keyboard and by dragging, and its figures with it', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold], state });
  const { page } = opened;
  const { best } = runs().cold.head.record ?? {};
  const histogram = runs().cold.evaluations.find(({ step }) => step === best?.step)?.histogram;
  if (histogram === undefined) throw new Error('the run has no histogram');
  const slider = page.getByTestId('threshold');
  expect(await page.getByText('(parts them best)').count()).toBe(1);
  await slider.fill('0.2');
  await slider.press('ArrowRight');
  await opened.settled();
  expect(await slider.getAttribute('aria-valuetext')).toBe('0.22');
  const shown = await page.getByTestId('decision').locator('.value').allInnerTexts();
  const { truePositives, falsePositives, precision, accuracy } = decide(histogram, 61);
  expect(shown).toEqual([truePositives, falsePositives, precision, accuracy].map(percent));
  const box = await page.locator('.histogram svg').boundingBox();
  if (box === null) throw new Error('the picture is not in sight');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await opened.settled();
  expect(await slider.inputValue()).toBe('0');
  await page.getByRole('button', { name: 'Best threshold' }).click();
  await opened.settled();
  expect(await page.getByText('(parts them best)').count()).toBe(1);
});
