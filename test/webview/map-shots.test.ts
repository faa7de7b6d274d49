import { test } from 'vitest';
import { openExplored } from './explored';
import { readRun, useBrowser } from './support';

const bench = useBrowser();
const folder = process.env['SHOT_RUN'] as string;
test('shots', async () => {
  const run = await readRun(folder);
  for (const theme of (process.env['SHOT_THEMES'] ?? 'dark').split(',') as (
    | 'dark'
    | 'light'
    | 'hc-dark'
    | 'hc-light'
  )[]) {
    for (const width of (process.env['SHOT_WIDTHS'] ?? '1100').split(',').map(Number))
      for (const view of (process.env['SHOT_VIEWS'] ?? 'map,neighbours,pairs').split(',') as (
        | 'map'
        | 'neighbours'
        | 'pairs'
      )[]) {
        const p = await openExplored(bench(), run, {
          theme,
          width,
          height: 850,
          others: [{ run: 'x', name: 'first try' }],
          state: {
            folders: [],
            view,
            query: { row: 5 },
            ...(view === 'pairs' && { pairs: 'false-negatives' as const }),
          } as never,
        });
        await p.page.waitForSelector(
          view === 'map'
            ? '[data-testid=map][aria-busy=false] canvas'
            : view === 'pairs'
              ? '[data-testid=pairs-table]'
              : '[data-testid=neighbour-row]',
        );
        await p.page.waitForTimeout(700);
        if (process.env['SHOT_DO'])
          await new Function('page', `return (async()=>{${process.env['SHOT_DO']}})()`)(p.page);
        await p.page.screenshot({
          path: `/tmp/h6/shots/${view}-${theme}-${width}${process.env['SHOT_NAME'] ?? ''}.png`,
          fullPage: false,
        });
        console.log(view, p.complaints.join('\n'), (await p.page.locator('main').innerText()).slice(0, 300));
      }
  }
}, 300000);
