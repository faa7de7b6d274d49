import { expect, test } from 'vitest';
import { openPage, readRun, useBrowser } from './support';

const bench = useBrowser();
test('x', async () => {
  const r = await readRun('/work/main/sample-workspace/.infonce/runs/20261123-203023-3cdc');
  for (const theme of ['light', 'dark'] as const) {
    const p = await openPage(bench(), { runs: [r], theme });
    await p.page.screenshot({ path: `/tmp/h5/shell-${theme}.png` });
    console.log(await p.page.textContent('body'));
  }
  expect(1).toBe(1);
});
