import { viewNames } from '../../src/protocol/panel';
import type { Bench } from './bench';
import { writeFastData } from './fast-run';
import { close, seenByPanel } from './lab';

/** The most that came in any second. */
function mostPerSecond(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [last, time] of times.entries()) {
    while ((times[first] ?? time) <= time - 1_000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** A fast training is watched while all views are turned to; what was sent is in the extension's log, what came in the page. */
export const traffic: Bench = async ({ lab }) => {
  const workspace = await lab.workspace('traffic');
  await writeFastData(workspace, 5_000);
  const window = await lab.open(workspace);
  await window.fromContextMenu(['numbers'], 'Train Embedding Model');
  const panel = await window.panel();
  await panel.untilStep(1);
  for (const view of viewNames) {
    if (view === 'compare') continue;
    await panel.show(view);
    await panel.untilStep((await panel.step()) + 200).catch(() => 0);
  }
  await panel.untilState('completed');
  const { seen } = await seenByPanel(window);
  await window.tabs.first().click({ button: 'middle' });
  await close(window);
  const line = /messages to the page, \d+ bytes, at most (\d+) a second and (\d+) bytes each/g;
  const told = [...(await lab.log()).matchAll(line)];
  const common = { of: 'worst' } as const;
  return [
    {
      ...common,
      name: 'messages to the page in a second',
      samples: told.map(([, perSecond]) => Number(perSecond)),
      unit: '/s',
      bound: 10,
    },
    { ...common, name: '– as they came to the page', samples: [mostPerSecond(seen.messages)], unit: '/s' },
    {
      ...common,
      name: 'largest message to the page',
      samples: told.map(([, , bytes]) => Number(bytes) / 1024),
      unit: 'KiB',
      bound: 256,
    },
  ];
};
