import { expect, test } from 'vitest';
import { processorTime } from './processor';
import { openPage, type Recorded, useBrowser } from './support';
import { useRuns } from './trained';

const bench = useBrowser();
const runs = useRuns();

test('metrics stand against a base that can be changed, by sign and word', async () => {
  const { cold, warm } = runs();
  const opened = await openPage(bench(), { runs: [cold, warm], mode: 'compare' });
  const { page } = opened;
  const loss = page.getByTestId('compare-table').locator('td[data-metric=loss]');
  const [a, b] = [cold.head.record?.metrics?.loss ?? 0, warm.head.record?.metrics?.loss ?? 0];
  const values = async (): Promise<(string | null)[]> => [
    await loss.nth(0).getAttribute('data-value'),
    await loss.nth(1).getAttribute('data-value'),
  ];
  expect(await values()).toEqual([String(a), String(b)]);
  expect(await loss.nth(0).innerText()).toBe(a.toFixed(3));
  const word = b < a ? 'better' : 'worse';
  expect(await loss.nth(1).innerText()).toBe(
    `${b.toFixed(3)}\n${b > a ? '+' : ''}${(b - a).toFixed(3)} ${word}`,
  );
  await page.getByRole('button', { name: 'make base' }).click();
  await opened.settled();
  expect(await loss.nth(1).innerText()).toBe(b.toFixed(3));
});

test('what was scored on other data is called neither better nor worse', async () => {
  const { cold, warm } = runs();
  if (warm.head.record === undefined) throw new Error('the run has no record');
  const dataset = { ...warm.head.record.dataset, fingerprint: 'of other data' };
  const other = { ...warm, head: { ...warm.head, record: { ...warm.head.record, dataset } } };
  const { page } = await openPage(bench(), { runs: [cold, other], mode: 'compare' });
  await page.getByText('not trained on the same data').waitFor();
  expect(await page.locator('.difference').count()).toBe(0);
});

const nameless = (run: Recorded): Recorded => ({ ...run, head: { ...run.head, name: run.head.run } });

test('runs without a name go by their data, and by their ids where that is not enough', async () => {
  const { cold, warm } = runs();
  const { page } = await openPage(bench(), { runs: [nameless(cold), nameless(warm)], mode: 'compare' });
  const names = await page.getByTestId('compare-table').locator('.run-name').allInnerTexts();
  expect(names).toEqual([cold, warm].map(({ head }) => `${head.dataset.name} · ${head.run}`));
});

test('the metric that is drawn is named, also where it comes later than others', async () => {
  const { cold, warm } = runs();
  const metric = cold.head.record?.criterion.metric ?? 'loss';
  const others = warm.evaluations.map(({ step, seconds, metrics: { split, rank } }) => ({
    step,
    seconds,
    metrics: { split, ...(rank !== undefined && { rank }) },
  }));
  const opened = await openPage(bench(), {
    runs: [
      { ...cold, evaluations: [] },
      { ...warm, evaluations: others },
    ],
    mode: 'compare',
  });
  opened.tell('evaluations', { run: cold.head.run, evaluations: cold.evaluations });
  await opened.settled();
  const shown = opened.page.locator('vscode-dropdown[aria-label="Metric on dev"] .selected-value');
  expect((await shown.innerText()).trim()).toBe(metric);
});

test('only the settings that differ are shown, and open in the diff editor', async () => {
  const { cold, warm } = runs();
  const opened = await openPage(bench(), { runs: [cold, warm], mode: 'compare' });
  const settings = await opened.page.locator('[data-table=settings] tbody tr').allInnerTexts();
  expect(settings).toEqual(['temperature\t0.05\t0.3']);
  await opened.page.getByTestId('compare-configs').click();
  await expect
    .poll(() => opened.wish('compareConfigs'))
    .toEqual({ left: cold.head.run, right: warm.head.run });
});

test('a run is switched off by its checkbox', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold, runs().warm], mode: 'compare' });
  const picture = async (): Promise<string> =>
    await opened.page
      .locator('.plot canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const both = await picture();
  await opened.page.getByRole('checkbox', { name: 'cold' }).click();
  await opened.settled();
  const one = await picture();
  expect(one).not.toBe(both);
  await opened.page.getByRole('checkbox', { name: 'cold' }).click();
  await opened.settled();
  expect(await picture()).toBe(both);
});

test('50 runs of 10,000 steps stay usable', async () => {
  const { cold } = runs();
  const count = 10_000;
  const many = Array.from({ length: 50 }, (_, n): Recorded => {
    const run = `run-${n}`;
    return {
      ...cold,
      head: { ...cold.head, run, name: `run ${n}` },
      steps: {
        run,
        step: Int32Array.from({ length: count }, (_, i) => i + 1),
        loss: Float32Array.from({ length: count }, (_, i) => 1 + n / 25 + 3 * Math.exp(-i / 2000)),
        learningRate: new Float32Array(count).fill(0.01),
        seconds: Float64Array.from({ length: count }, (_, i) => i / 50),
      },
    };
  });
  const opened = await openPage(bench(), { runs: many, mode: 'compare' });
  await opened.settled();
  expect(await opened.page.getByRole('checkbox', { name: /^run \d+$/ }).count()).toBe(50);
  // Moving the cursor over the chart: every frame reads fifty losses out.
  const took = await processorTime(opened.page, () =>
    opened.page.evaluate(async () => {
      const over = document.querySelector('.u-over') as HTMLElement;
      const { left, top, width } = over.getBoundingClientRect();
      for (let i = 1; i <= 20; i++) {
        const at = { clientX: left + (width * i) / 21, clientY: top + 20, bubbles: true };
        over.dispatchEvent(new MouseEvent('mousemove', at));
        await new Promise((done) => requestAnimationFrame(done));
      }
    }),
  );
  expect(await opened.page.locator('.runs legend').innerText()).toContain('step 9,5');
  expect(took / 20).toBeLessThan(40);
});

/** The same, of data without dev. */
function onTrain(recorded: Recorded): Recorded {
  const evaluations = recorded.evaluations.map(({ metrics, ...evaluation }) => ({
    ...evaluation,
    metrics: { ...metrics, split: 'train' as const },
  }));
  return { ...recorded, evaluations };
}

test('what the runs were evaluated on is named as in the other views', async () => {
  const both = [onTrain(runs().cold), onTrain(runs().warm)];
  const opened = await openPage(bench(), { runs: both, mode: 'compare' });
  const { page } = opened;
  await page.getByRole('heading', { name: 'On train' }).waitFor();
  expect(await page.getByText('On dev').count()).toBe(0);
  expect(await page.getByRole('slider', { name: /on train of each run/ }).count()).toBe(1);
  await opened.show([onTrain(runs().cold), runs().warm]);
  await page.getByRole('heading', { name: 'On train, dev' }).waitFor();
});
