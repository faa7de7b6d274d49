import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/protocol/run';
import { processorTime } from './processor';
import { openPage, type Recorded, upTo, useBrowser } from './support';
import { useRuns } from './trained';

const bench = useBrowser();
const runs = useRuns();

/** A table of the page in full: by row header, the figures behind the cells. */
async function figures(page: Page, table: string): Promise<Map<string, (number | undefined)[]>> {
  const rows = await page.locator(`table[data-table=${table}] tbody tr`).evaluateAll((elements) =>
    elements.map((row) => ({
      name: row.querySelector('th')?.textContent?.trim() ?? '',
      values: [...row.querySelectorAll<HTMLElement>('td.numbers')].map((cell) => cell.dataset['value']),
    })),
  );
  return new Map(
    rows.map(({ name, values }) => [
      name,
      values.map((value) => (value === undefined ? undefined : Number(value))),
    ]),
  );
}

interface Row {
  readonly event: string;
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly metrics: Record<string, number>;
}

async function logOf({ folder }: Recorded): Promise<Row[]> {
  const text = await readFile(path.join(folder, 'metrics.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

describe('the tables have what the run folder has', () => {
  test('losses of the steps', async () => {
    const { page } = await openPage(bench(), { runs: [runs().cold] });
    const shown = await figures(page, 'loss');
    const log = await logOf(runs().cold);
    const steps = log.filter(({ event }) => event === 'step');
    expect(shown.size).toBe(steps.length + 1);
    for (const { step, loss, learningRate } of steps) {
      const [, train, , , rate] = shown.get(String(step)) ?? [];
      expect(train).toBe(Math.fround(loss));
      expect(rate).toBe(Math.fround(learningRate));
    }
  });

  test('metrics of the evaluations', async () => {
    const { page } = await openPage(bench(), { runs: [runs().cold] });
    const shown = await figures(page, 'evaluations');
    const names = await page.locator('table[data-table=evaluations] thead th').allInnerTexts();
    const log = await logOf(runs().cold);
    const evaluated = log.filter(({ event }) => event === 'evaluated');
    expect(shown.size).toBe(evaluated.length);
    for (const { step, metrics } of evaluated)
      expect(shown.get(String(step))).toEqual(names.slice(1).map((name) => metrics[name]));
  });

  test('final metrics and baselines', async () => {
    const { page } = await openPage(bench(), { runs: [runs().cold] });
    const record = JSON.parse(await readFile(path.join(runs().cold.folder, 'run.json'), 'utf8')) as RunRecord;
    const shown = await figures(page, 'metrics');
    expect(shown.get('recall@1')).toEqual([
      record.metrics?.['recall@1'],
      record.baselines?.untrained['recall@1'],
      record.baselines?.model_free['recall@1'],
    ]);
    expect(shown.size).toBe(Object.keys(record.metrics ?? {}).length - 1);
  });
});

test('tables come before the eyes on request, and to those who read by ear at once', async () => {
  const seen = await openPage(bench(), { runs: [runs().cold] });
  const table = seen.page.locator('table[data-table=loss]');
  const height = async (): Promise<number> =>
    await seen.page.locator('.data-tables').evaluate((element) => element.clientHeight);
  expect(await height()).toBe(1);
  await seen.page.getByTestId('loss-tables').click();
  await seen.settled();
  expect(await height()).toBeGreaterThan(200);
  expect(await table.locator('caption').innerText()).toMatch(/^Loss: \d+ of \d+ steps$/);
  const heard = await openPage(bench(), { runs: [runs().cold], bodyClasses: ['vscode-using-screen-reader'] });
  expect(
    await heard.page.locator('.data-tables').evaluate((element) => element.clientHeight),
  ).toBeGreaterThan(200);
});

test('the keyboard reads the curve out, step by step', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold] });
  const chart = opened.page.getByRole('slider', { name: 'Loss of training and dev' });
  const { loss } = runs().cold.steps;
  await chart.focus();
  await opened.page.keyboard.press('Home');
  await opened.settled();
  expect(await chart.getAttribute('aria-valuetext')).toContain(`loss ${loss[0]?.toFixed(3)}`);
  await opened.page.keyboard.press('ArrowRight');
  await opened.settled();
  expect(await chart.getAttribute('aria-valuetext')).toContain(`loss ${loss[1]?.toFixed(3)}`);
  // One cursor for all charts.
  const others = await opened.page
    .locator('.u-cursor-x')
    .evaluateAll((lines) => lines.map((line) => line.style.transform));
  expect(others).toHaveLength(3);
  expect(others.every((place) => /^translate\(\d/.test(place))).toBe(true);
});

test('the slider takes the cursor along: line, figures and words', async () => {
  const { cold } = runs();
  const opened = await openPage(bench(), { runs: [cold] });
  const { page } = opened;
  const chart = page.getByTestId('loss-chart');
  const at = cold.evaluations[2];
  if (at === undefined) throw new Error('the run was evaluated less often');
  await page.getByTestId('epoch-scrubber').fill('2');
  await opened.settled();
  expect(await page.getByTestId('live-toggle').getAttribute('aria-checked')).toBe('false');
  const legend = await chart.locator('.legend').innerText();
  expect(legend).toContain(`step ${at.step} ·`);
  expect(legend).toContain(`at step ${at.step}`);
  const rate = cold.steps.learningRate[at.step - 1] as number;
  expect(Number(await chart.locator('.chart-head .number').nth(1).innerText())).toBeCloseTo(rate, 4);
});

test('what goes on is read at its newest step, unless the slider was touched', async () => {
  const { cold } = runs();
  const [, first] = cold.evaluations;
  const opened = await openPage(bench(), { runs: [upTo(cold, (first?.step ?? 0) + 2)] });
  const legend = opened.page.getByTestId('loss-chart').locator('.legend .at');
  expect(await legend.innerText()).toContain(`step ${(first?.step ?? 0) + 2} `);
  await opened.page.getByTestId('live-toggle').click();
  await opened.settled();
  expect(await legend.innerText()).toContain(`step ${first?.step} `);
});

test('dragging zooms and ends following; a double click shows all again', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold] });
  const { page } = opened;
  const plot = page.locator('.plot .u-over').first();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the chart is not in sight');
  await page.mouse.move(box.x + box.width * 0.2, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await opened.settled();
  const zoom = async (): Promise<number[] | null> =>
    await page.evaluate(() => JSON.parse(sessionStorage.getItem('state') ?? '{}').zoom);
  const steps = runs().cold.steps.step.length;
  const [from, to] = (await zoom()) ?? [];
  expect(from).toBeCloseTo(0.2 * steps, -1);
  expect(to).toBeCloseTo(0.6 * steps, -1);
  expect(await page.getByTestId('follow').getAttribute('aria-checked')).toBe('false');
  await plot.dblclick();
  await opened.settled();
  expect(await zoom()).toBeNull();
  expect(await page.getByTestId('follow').getAttribute('aria-checked')).toBe('true');
});

test('smoothing, scale and axis change the picture and are kept', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold] });
  const { page } = opened;
  const picture = async (): Promise<string> =>
    await page
      .locator('.plot canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const seen = new Set([await picture()]);
  await page.getByTestId('log-scale').click();
  await opened.settled();
  seen.add(await picture());
  await page.getByTestId('loss-axis').getByRole('button', { name: 'Time' }).click();
  await opened.settled();
  seen.add(await picture());
  await page.getByTestId('smoothing').fill('0.5');
  await opened.settled();
  seen.add(await picture());
  expect(seen.size).toBe(4);
  const state = await page.evaluate(() => JSON.parse(sessionStorage.getItem('state') ?? '{}'));
  expect(state).toMatchObject({ logScale: true, axis: 'time', smoothing: 0.5 });
});

test('steps that arrive move the chart and the words, without a reload', async () => {
  const { cold } = runs();
  const early = upTo(cold, 5);
  const opened = await openPage(bench(), { runs: [early] });
  expect(await opened.page.getByTestId('loss-chart').innerText()).toContain('in 5 steps');
  const { run, step, loss, learningRate, seconds } = cold.steps;
  opened.tell('steps', {
    run,
    step: step.slice(5, 20),
    loss: loss.slice(5, 20),
    learningRate: learningRate.slice(5, 20),
    seconds: seconds.slice(5, 20),
  });
  await opened.settled();
  expect(await opened.page.getByTestId('loss-chart').innerText()).toContain('in 20 steps');
});

test('the loss is on the screen before what is below it and behind it is built', async () => {
  const opened = await openPage(bench());
  const { page } = opened;
  await page.evaluate(() => {
    // A chart is drawn where its canvas is made.
    const watch = new MutationObserver(() => {
      if (document.querySelector('.plot canvas') === null) return;
      watch.disconnect();
      const charts = document.querySelectorAll('infonce-curves').length;
      const rows = document.querySelectorAll('infonce-data-tables tr').length;
      Object.assign(window, { seen: { charts, rows } });
    });
    watch.observe(document.body, { childList: true, subtree: true });
  });
  await opened.show([runs().cold]);
  expect(await page.evaluate(() => Reflect.get(window, 'seen') as object)).toEqual({ charts: 1, rows: 0 });
  expect(await page.locator('infonce-curves').count()).toBe(3);
  expect((await figures(page, 'loss')).size).toBe(runs().cold.steps.step.length + 1);
});

test('100,000 steps: what arrives is drawn in a fraction of a tenth of a second', async () => {
  const { cold } = runs();
  const count = 100_000;
  const long: Recorded = {
    ...cold,
    steps: {
      run: cold.head.run,
      step: Int32Array.from({ length: count }, (_, i) => i + 1),
      loss: Float32Array.from(
        { length: count },
        (_, i) => 1 + 4 * Math.exp(-i / 2e4) + 0.3 * Math.sin(i * 12.9898),
      ),
      learningRate: new Float32Array(count).fill(0.01),
      seconds: Float64Array.from({ length: count }, (_, i) => i / 50),
    },
  };
  const opened = await openPage(bench(), { runs: [long] });
  const took = await processorTime(opened.page, async () => {
    for (let i = 0; i < 10; i++) {
      opened.tell('steps', {
        run: cold.head.run,
        step: Int32Array.of(count + 1 + i),
        loss: Float32Array.of(1.2),
        learningRate: Float32Array.of(0.01),
        seconds: Float64Array.of((count + i) / 50),
      });
      await opened.settled();
    }
  });
  expect(await opened.page.getByTestId('loss-chart').innerText()).toContain('in 100,010 steps');
  // At ten messages a second the page is idle most of the time.
  expect(took / 10).toBeLessThan(40);
});
