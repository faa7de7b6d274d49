import path from 'node:path';
import { onTestFinished } from 'vitest';
import { RunExplorer } from '../../src/engine/explore/run-explorer';
import type { ItemView } from '../../src/protocol/explore';
import { type Answers, type Bench, type OpenOptions, type OpenPage, openPage, type Recorded } from './support';

/** A page with a run behind it that answers every question about its items, as the explorer process does. */
export interface ExploredPage extends OpenPage {
  readonly explorer: RunExplorer;
}

/** Answers from a real run folder, images as the host gives them. */
function answersOf(explorer: RunExplorer, dataset: string, address: string): Required<Pick<Answers, Explored>> {
  const shown = <T extends ItemView>(item: T): T =>
    item.path === undefined
      ? item
      : { ...item, image: `${address}/image?path=${encodeURIComponent(path.join(dataset, item.path))}` };
  return {
    explore: () => explorer.overview(),
    async neighbours(query) {
      const answer = await explorer.neighbours(query);
      return {
        ...answer,
        ...(answer.query && { query: shown(answer.query) }),
        rows: answer.rows.map(shown),
        ...(answer.left && { left: answer.left.map(shown) }),
      };
    },
    async pairs(query) {
      const answer = await explorer.pairs(query);
      const rows = answer.rows.map((row) => ({ ...row, first: shown(row.first), second: shown(row.second) }));
      return { ...answer, rows };
    },
    map: (query) => explorer.map(query),
    mapPoints: (query) => explorer.mapPoints(query),
    items: async (query) => (await explorer.items(query)).map(shown),
    async find(query) {
      const answer = await explorer.find(query);
      return { ...answer, items: answer.items.map(shown) };
    },
    mark: (query) => explorer.mark(query),
  };
}
type Explored = 'explore' | 'neighbours' | 'pairs' | 'map' | 'mapPoints' | 'items' | 'find' | 'mark';

/** Opens the page on a recorded run; `options.answers` come before the run's own. */
export async function openExplored(
  bench: Bench,
  run: Recorded,
  options: Omit<OpenOptions, 'runs'> = {},
): Promise<ExploredPage> {
  const explorer = await RunExplorer.open(run.folder);
  onTestFinished(() => explorer.dispose());
  const answers = { ...answersOf(explorer, run.head.dataset.path, bench.address), ...options.answers };
  return Object.assign(await openPage(bench, { ...options, runs: [run], answers }), { explorer });
}
