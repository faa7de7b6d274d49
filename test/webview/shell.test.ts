import { describe, expect, test } from 'vitest';
import type { RunHead } from '../../src/protocol/panel';
import { type OpenPage, openPage, type Recorded, upTo, useBrowser } from './support';
import { useRuns } from './trained';

const bench = useBrowser();
const runs = useRuns();

/** The run before its folder existed. */
function before({ folder, head, steps }: Recorded, change: Partial<RunHead>): Recorded {
  const { record: _record, ...rest } = head;
  const none = { step: new Int32Array(0), loss: new Float32Array(0), learningRate: new Float32Array(0) };
  return {
    folder,
    head: { ...rest, ...change },
    steps: { ...steps, ...none, seconds: new Float64Array(0) },
    evaluations: [],
    findings: [],
  };
}

async function textOf({ page }: OpenPage): Promise<string> {
  return (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ');
}

describe('what a run is doing', () => {
  test('nothing was said yet', async () => {
    expect(await textOf(await openPage(bench()))).toContain('Opening the run');
  });

  test('it waits for others', async () => {
    const waiting = before(runs().cold, { state: 'queued', phase: { phase: 'queued', done: 2 } });
    const opened = await openPage(bench(), { runs: [waiting] });
    expect(await textOf(opened)).toContain('Waiting for 2 runs before this one');
    await opened.page.getByTestId('stop').click();
    await expect.poll(() => opened.wish('stop')).toEqual({ run: waiting.head.run });
  });

  test('it reads the data', async () => {
    const reading = before(runs().cold, {
      state: 'starting',
      phase: { phase: 'reading', done: 800, total: 1500 },
    });
    const opened = await openPage(bench(), { runs: [reading] });
    expect(await textOf(opened)).toContain('Reading the data: 800 of 1,500');
    expect(
      await opened.page.locator('progress').evaluate((bar: HTMLProgressElement) => bar.position),
    ).toBeCloseTo(800 / 1500);
  });

  test('its data has errors: nothing was started, and each problem leads to its place', async () => {
    const report = {
      layout: null,
      ready: false,
      splits: {},
      columns: {},
      examples: [],
      problems: [
        {
          severity: 'error',
          code: 'unclosed-quote',
          message: 'a quote is never closed',
          file: 'a.csv',
          line: 12,
        },
        { severity: 'warning', code: 'empty', message: 'rows are empty', file: 'b.csv', count: 3 },
      ],
    } as const;
    const opened = await openPage(bench(), { runs: [before(runs().cold, { state: 'failed', report })] });
    expect(await textOf(opened)).toContain('Nothing was started: the data has 1 error');
    await opened.page.getByRole('button', { name: 'a.csv:12' }).click();
    await expect.poll(() => opened.wish('revealProblem')?.problem).toEqual({ file: 'a.csv', line: 12 });
    await opened.page.getByTestId('again').click();
    await expect.poll(() => opened.wish('again')).toBeDefined();
  });

  test('it runs: steps, loss and time left, and can be stopped', async () => {
    const { cold } = runs();
    const half = upTo(cold, Math.floor(cold.steps.step.length / 2));
    const opened = await openPage(bench(), { runs: [half] });
    const { page } = opened;
    expect(await page.getByTestId('run-state').innerText()).toBe('Running');
    const { length } = half.steps.step;
    expect(await page.getByTestId('progress').innerText()).toMatch(
      new RegExp(`^step ${length} of ${cold.steps.step.length} · epoch \\d of 6 · loss [\\d.]+ · .* left$`),
    );
    await page.getByTestId('stop').click();
    await expect.poll(() => opened.wish('stop')).toEqual({ run: cold.head.run });
  });

  test('it was stopped, and goes on where it was', async () => {
    const opened = await openPage(bench(), { runs: [upTo(runs().cold, 5, 'stopped')] });
    expect(await textOf(opened)).toContain('Resume goes on where it was');
    await opened.page.getByTestId('resume').click();
    await expect.poll(() => opened.wish('resume')).toEqual({ run: runs().cold.head.run });
  });

  test('it failed: why, where, and the log for our faults', async () => {
    const failed = upTo(runs().cold, 5, 'failed');
    const failure = { code: 'internal', message: 'a tensor was gone', file: 'data.csv', line: 3 };
    const opened = await openPage(bench(), { runs: [{ ...failed, head: { ...failed.head, failure } }] });
    expect(await textOf(opened)).toContain('The run failed. a tensor was gone');
    await opened.page.getByRole('button', { name: 'data.csv:3' }).click();
    await expect.poll(() => opened.wish('revealProblem')?.problem).toEqual({ file: 'data.csv', line: 3 });
    await opened.page.getByRole('button', { name: 'Show the log' }).click();
    await expect.poll(() => opened.wish('showLog')).toBeDefined();
  });

  test('it is done: what came out', async () => {
    const { metrics, criterion } = runs().cold.head.record ?? {};
    const opened = await openPage(bench(), { runs: [runs().cold] });
    expect(await opened.page.getByTestId('run-state').innerText()).toBe('Completed');
    expect(await textOf(opened)).toContain(
      `${criterion?.metric} ${metrics?.[criterion?.metric ?? 'loss']?.toFixed(4)} on ${metrics?.split}`,
    );
  });

  test('it computes in JavaScript: said, with what to do', async () => {
    const { cold } = runs();
    const { record } = cold.head;
    if (record === undefined) throw new Error('no record');
    const slow = { ...record, environment: { ...record.environment, backend: 'javascript' } };
    const opened = await openPage(bench(), { runs: [{ ...cold, head: { ...cold.head, record: slow } }] });
    expect(await opened.page.getByTestId('backend-note').innerText()).toContain('a hundred times slower');
    await opened.page.getByRole('button', { name: 'Set up native TensorFlow' }).click();
    await expect.poll(() => opened.wish('setUpNative')).toBeDefined();
  });
});

test('a page of another version says so', async () => {
  const opened = await openPage(bench());
  opened.tell('snapshot', {
    protocol: 99,
    mode: 'run',
    runs: [],
    folders: [],
    others: [],
    evaluations: [],
    findings: [],
  });
  await opened.settled();
  expect(await textOf(opened)).toContain('reload the window');
});

test('names are text, whatever is in them', async () => {
  const opened = await openPage(bench(), { runs: [runs().warm] });
  expect(await opened.page.getByRole('heading', { level: 1 }).innerText()).toBe('warm <b>& co</b>');
});

test('tabs turn with the keyboard, and the page remembers the view over a reload', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold] });
  const { page } = opened;
  await page.getByRole('tab', { name: 'Loss' }).focus();
  await page.keyboard.press('ArrowRight');
  await opened.settled();
  const selected = page.getByRole('tab', { selected: true });
  expect(await selected.innerText()).toBe('Similarities');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-similarities');
  await page.keyboard.press('End');
  await opened.settled();
  expect(await selected.innerText()).toBe('Health');
  await page.reload();
  await opened.settled();
  expect(await selected.innerText()).toBe('Health');
  expect(await page.evaluate(() => JSON.parse(sessionStorage.getItem('state') ?? '{}').folders)).toEqual([
    runs().cold.folder,
  ]);
});

test('the slider moves to any evaluation, and touching it ends following the newest', async () => {
  const { cold } = runs();
  const last = cold.evaluations.at(-1)?.step ?? 0;
  const half = upTo(cold, last - 1);
  const newest = half.evaluations.at(-1);
  const opened = await openPage(bench(), { runs: [half], state: { folders: [], view: 'similarities' } });
  const { page } = opened;
  const shown = (): Promise<string | null> =>
    page.getByTestId('similarity-histogram').getAttribute('data-step');
  const slider = page.getByTestId('epoch-scrubber');
  expect(await shown()).toBe(String(newest?.step));
  await slider.focus();
  await page.keyboard.press('Home');
  await opened.settled();
  expect(await shown()).toBe('0');
  expect(await slider.getAttribute('aria-valuetext')).toBe('step 0 · untrained');
  // A new evaluation does not carry it away, until following is switched on again.
  opened.tell('evaluations', { run: cold.head.run, evaluations: cold.evaluations.slice(-1) });
  await opened.settled();
  expect(await shown()).toBe('0');
  await page.getByTestId('live-toggle').click();
  await opened.settled();
  expect(await shown()).toBe(String(last));
});

test('the host turns the page to a view', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold] });
  opened.tell('show', { view: 'health' });
  await opened.settled();
  expect(await opened.page.getByRole('tab', { selected: true }).innerText()).toBe('Health');
  expect(await textOf(opened)).toContain('Nothing to tell yet');
});

test('findings: the worst first, in words, with evidence and advice', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold], state: { folders: [], view: 'health' } });
  opened.tell('findings', {
    run: runs().cold.head.run,
    findings: [
      { code: 'good', severity: 'good', title: 'It beats the baselines', evidence: '0.9 against 0.5' },
      {
        code: 'collapse',
        severity: 'error',
        title: 'All is one',
        evidence: 'rank 1.0',
        advice: 'Raise the temperature.',
      },
    ],
  });
  await opened.settled();
  const items = await opened.page.getByTestId('health').locator('li').allInnerTexts();
  expect(items.map((item) => item.replaceAll(/\s+/g, ' '))).toEqual([
    'Problem All is one rank 1.0 What to change: Raise the temperature.',
    'Good It beats the baselines 0.9 against 0.5',
  ]);
});
