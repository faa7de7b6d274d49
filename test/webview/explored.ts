import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { RunExplorer } from '../../src/engine/explore/run-explorer';
import type { ItemView } from '../../src/protocol/explore';
import { writePairs } from '../cli/support';
import {
  type Answers,
  type Bench,
  type OpenOptions,
  type OpenPage,
  openPage,
  type Recorded,
  readRun,
  trainRun,
} from './support';

/** A page with a run behind it that answers every question about its items, as the explorer process does. */
export interface ExploredPage extends OpenPage {
  readonly explorer: RunExplorer;
}

/** Answers from a real run folder, images as the host gives them. */
function answersOf(
  explorer: RunExplorer,
  dataset: string,
  address: string,
): Required<Pick<Answers, Explored>> {
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
    labels: (query) => explorer.labels(query),
    mark: (query) => explorer.mark(query),
  };
}
type Explored =
  | 'explore'
  | 'labels'
  | 'neighbours'
  | 'pairs'
  | 'map'
  | 'mapPoints'
  | 'items'
  | 'find'
  | 'mark';

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

/** A text that would do harm, were it taken for HTML. */
export const hostileText = '<img src="x" onerror="document.title = `taken`"> who is there';

/** A trained run on pairs of texts. */
export async function textRun(folder: string): Promise<Recorded> {
  const dataset = path.join(folder, 'questions');
  await writePairs(dataset);
  await appendFile(
    path.join(dataset, 'data.csv'),
    `"${hostileText.replaceAll('"', '""')}",nobody is there\n`,
  );
  return await readRun(trainRun(dataset, path.join(folder, 'runs'), '--epochs', '6'));
}

const shapes = {
  bar: (at: number) => `<rect x="${4 + at}" y="2" width="5" height="24" fill="white"/>`,
  disc: (at: number) => `<circle cx="${8 + at}" cy="14" r="6" fill="white"/>`,
  frame: (at: number) =>
    `<rect x="${2 + at}" y="5" width="15" height="17" fill="none" stroke="white" stroke-width="3"/>`,
};

/** A trained run on three classes of drawn images. */
export async function imageRun(folder: string): Promise<Recorded> {
  const dataset = path.join(folder, 'shapes');
  for (const [label, draw] of Object.entries(shapes)) {
    await mkdir(path.join(dataset, label), { recursive: true });
    for (let i = 0; i < 24; i++) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28"><rect width="28" height="28"/>${draw(i / 3)}</svg>`;
      await sharp(Buffer.from(svg))
        .png()
        .toFile(path.join(dataset, label, `${i}.png`));
    }
  }
  return await readRun(trainRun(dataset, path.join(folder, 'runs'), '--epochs', '3', '--batch-size', '16'));
}

/** Something that happens when the test says so. */
export function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open: (() => void) | undefined;
  const passed = new Promise<void>((done) => {
    open = done;
  });
  return { open: () => open?.(), passed };
}
