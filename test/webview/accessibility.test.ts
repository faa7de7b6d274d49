import { describe, expect, test } from 'vitest';
import { barriers } from './axe';
import { openPage, themes, upTo, useBrowser } from './support';
import { useRuns } from './trained';

const bench = useBrowser();
const runs = useRuns();

describe.each(themes)('in the theme %s', (theme) => {
  test.each(['loss', 'similarities', 'health'] as const)('%s keeps nobody out', async (view) => {
    const finding = {
      code: 'a',
      severity: 'warning',
      title: 'It overfits',
      evidence: '3 > 2',
      advice: 'Stop.',
    };
    const run = { ...runs().cold, findings: [finding as { severity: 'warning' } & typeof finding] };
    const opened = await openPage(bench(), { runs: [run], theme, state: { folders: [], view } });
    expect(await barriers(opened)).toEqual([]);
  });

  test('tables, notices and comparison keep nobody out', async () => {
    const stopped = upTo(runs().cold, 20, 'stopped');
    const tables = await openPage(bench(), { runs: [stopped], theme });
    await tables.page.getByTestId('loss-tables').click();
    await tables.settled();
    expect(await barriers(tables)).toEqual([]);
    const compared = await openPage(bench(), { runs: [runs().cold, runs().warm], mode: 'compare', theme });
    expect(await barriers(compared)).toEqual([]);
  });
});

test.each([320, 500, 1600])('at a width of %i nothing leaves the page', async (width) => {
  for (const view of ['loss', 'similarities', 'health'] as const) {
    const { page } = await openPage(bench(), { runs: [runs().cold], width, state: { folders: [], view } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
  const { page } = await openPage(bench(), { runs: [runs().cold, runs().warm], mode: 'compare', width });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
});

test('charts change with the theme', async () => {
  const opened = await openPage(bench(), { runs: [runs().cold], theme: 'dark' });
  const picture = async (): Promise<string> =>
    await opened.page
      .locator('.plot canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const dark = await picture();
  await opened.page.evaluate(() => document.body.classList.replace('vscode-dark', 'vscode-light'));
  await opened.settled();
  expect(await picture()).not.toBe(dark);
});

test.each([
  ['nothing moves for those who asked for that', ['vscode-reduce-motion'], false],
  ['for others, what is waited for turns', [], true],
] as const)('%s', async (_, bodyClasses, turns) => {
  const { page } = await openPage(bench(), {
    runs: [upTo(runs().cold, 20)],
    state: { folders: [], view: 'neighbours' },
    bodyClasses,
    answers: { explore: () => new Promise(() => undefined) },
  });
  await page.getByText('Reading the items …').waitFor();
  const moving = await page.evaluate(() => {
    const roots = [document, ...document.querySelectorAll('*')].flatMap((node) =>
      node instanceof Document ? node : (node.shadowRoot ?? []),
    );
    return roots.some((root) => root.getAnimations().some(({ playState }) => playState === 'running'));
  });
  expect(moving).toBe(turns);
});
