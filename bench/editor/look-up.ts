import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page as PanelPage } from '../../src/webview/shell/page';
import { writeRandomRun } from '../lib/random-run.mjs';
import type { Bench } from './bench';
import { close, seenByPanel } from './lab';

const items = 100_000;
const dimensions = 256;
const lookUps = 20;
/** Between two questions, as somebody who reads the answer: they are not held back by the limit on messages. */
const pauseMs = 300;

/** From the page's question to its answer: through the editor, the extension host and the explorer's process, and back. */
export const lookUp: Bench = async ({ lab }) => {
  const workspace = await lab.workspace('look-up');
  const folder = path.join(workspace, '.infonce/runs/random');
  await mkdir(folder, { recursive: true });
  await writeRandomRun(folder, items, dimensions);
  const window = await lab.open(workspace);
  await window.showRuns();
  await window.runs.first().click();
  const { frame } = await seenByPanel(window);
  await frame.getByTestId('run-state').waitFor();
  const [first = Number.NaN, ...samples] = await frame.evaluate(
    async ({ count, pause, rows }) => {
      const { store } = document.querySelector('infonce-page') as PanelPage;
      const times: number[] = [];
      for (let i = 0; i <= count; i++) {
        const query = {
          run: store.head?.run ?? '',
          query: { row: (i * 7919) % rows },
          k: 10,
          at: 'final',
        } as const;
        const from = performance.now();
        await store.host.request('neighbours', query);
        times.push(performance.now() - from);
        await new Promise((resolve) => {
          setTimeout(resolve, pause);
        });
      }
      return times;
    },
    { count: lookUps, pause: pauseMs, rows: items },
  );
  await close(window);
  return [
    {
      name: `look-up at ${items} x ${dimensions}, from the page and back`,
      of: 'median',
      samples,
      unit: 'ms',
      bound: 100,
    },
    { name: '– the first, which reads the embeddings', of: 'worst', samples: [first], unit: 'ms' },
  ];
};
