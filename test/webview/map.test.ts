import { beforeAll, expect, test } from 'vitest';
import { mapPointsLimit } from '../../src/protocol/explore';
import { buildProgram, sharedFolder } from '../cli/support';
import { barriers } from './axe';
import { type ExploredPage, gate, imageRun, openExplored } from './explored';
import { type Recorded, themes, useBrowser } from './support';

const bench = useBrowser();
let images: Recorded;
beforeAll(async () => {
  buildProgram();
  images = await imageRun(await sharedFolder());
}, 120_000);

const state = { folders: [], view: 'map' } as const;
const items = 72;

async function drawn({ page }: ExploredPage): Promise<void> {
  await page.locator('[data-testid=map][aria-busy=false] canvas').waitFor();
  await page.getByText(/drawn with/).waitFor();
}

/** Pixels of the canvas that are not empty. */
async function ink({ page }: ExploredPage): Promise<number> {
  return await page.locator('.map-figure canvas').evaluate(
    (canvas: HTMLCanvasElement) =>
      // What WebGL has drawn can be read in the frame in which it was drawn, which a resize is.
      new Promise<number>((done) => {
        requestAnimationFrame(() => {
          canvas.dispatchEvent(new KeyboardEvent('keydown', { key: '0' }));
          requestAnimationFrame(() => {
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
            copy?.drawImage(canvas, 0, 0);
            const pixels = copy?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
            let count = 0;
            for (let i = 3; i < pixels.length; i += 4) if ((pixels[i] as number) > 0) count++;
            done(count);
          });
        });
      }),
  );
}

async function lasso({ page }: ExploredPage, release = true): Promise<void> {
  await page.getByRole('button', { name: 'Lasso', exact: true }).click();
  const box = await page.locator('.map-figure canvas').boundingBox();
  if (box === null) throw new Error('the map is not shown');
  const { x, y, width, height } = box;
  await page.mouse.move(x + 2, y + 2);
  await page.mouse.down();
  for (const [across, down] of [
    [width - 2, 2],
    [width - 2, height - 2],
    [2, height - 2],
  ] as const) {
    await page.mouse.move(x + across, y + down, { steps: 4 });
  }
  if (release) await page.mouse.up();
}

test('the caption says how much is shown, in which axes, and the table has every label', async () => {
  const opened = await openExplored(bench(), images, { state });
  await drawn(opened);
  const { page, explorer } = opened;
  const answer = await explorer.map({ at: 'final', method: 'pca' });
  const caption = await page.locator('.map').innerText();
  expect(caption).toContain(`${items} of ${items} items shown`);
  expect(caption).toContain(answer.fitted);
  expect(caption).toContain(`keep ${Math.round(100 * (answer.varianceKept ?? 0))}\u00a0% of the variance`);
  expect(caption).toContain('drawn with WebGL');
  await page.getByText('Table', { exact: true }).click();
  const rows = await page.locator('.map-table tbody tr').allInnerTexts();
  expect(rows.map((row) => row.split('\t').slice(0, 2))).toEqual(
    answer.labels.map((label) => [label, String(items / 3)]),
  );
  expect(await ink(opened)).toBeGreaterThan(500);
});

test('the legend hides labels, and hidden points cannot be picked', async () => {
  const opened = await openExplored(bench(), images, { state });
  await drawn(opened);
  const { page } = opened;
  const all = await ink(opened);
  await page.getByRole('button', { name: 'only' }).first().click();
  await page.getByText('1 of 3 shown').waitFor();
  expect(await ink(opened)).toBeLessThan(all);
  await lasso(opened);
  await page.getByRole('heading', { name: `${items / 3} items within the lasso` }).waitFor();
});

test('the lasso counts while it is drawn, and its items can be read and looked up', async () => {
  const opened = await openExplored(bench(), images, { state });
  await drawn(opened);
  const { page } = opened;
  await lasso(opened, false);
  await page.getByRole('status').getByText(`${items} items within the lasso`).waitFor();
  await page.mouse.up();
  await page.locator('.map-items img').first().waitFor();
  expect(await page.locator('.map-items li').count()).toBe(items);
  await page.locator('.map-items .item-place').first().click();
  await opened.settled();
  expect(opened.wish('reveal')?.item.path).toMatch(/\.png$/);
  await page.locator('.map-items vscode-button').first().click();
  await page.getByTestId('neighbour-row').first().waitFor();
  await page.getByRole('button', { name: 'Show on the map' }).click();
  await page.getByRole('heading', { name: /and its 10 neighbours/ }).waitFor();
  await page.getByRole('button', { name: 'Clear selection' }).click();
  expect(await page.locator('.map-selection').count()).toBe(0);
});

test('what the lasso holds is marked among neighbours and pairs, until it is cleared', async () => {
  const opened = await openExplored(bench(), images, {
    state: { ...state, query: { row: 0 }, pairs: 'hardest-negatives' },
  });
  await drawn(opened);
  const { page } = opened;
  await page.getByRole('button', { name: 'only' }).first().click();
  await lasso(opened);
  await page.getByRole('heading', { name: `${items / 3} items within the lasso` }).waitFor();
  const label = (await page.locator('.map-items .item-label').first().innerText()).trim();

  await page.getByRole('tab', { name: 'Neighbours' }).click();
  await page.getByTestId('neighbour-row').first().waitFor();
  const rows = await page.getByTestId('neighbour-row').all();
  for (const row of rows) {
    const marked = (await row.locator('.selected-mark').count()) === 1;
    expect(marked).toBe((await row.locator('td.label').innerText()) === label);
  }

  await page.getByRole('tab', { name: 'Pairs' }).click();
  const pairs = page.locator('.pairs-view[aria-busy=false] [data-testid=pairs-table] tbody tr');
  await pairs.first().waitFor();
  const touching = await pairs.filter({ has: page.locator('.selected-mark') }).count();
  expect(touching).toBeGreaterThan(0);
  await page.getByText(`in ${touching} of these`).waitFor();
  await page.getByText('Only these').click();
  await expect.poll(() => pairs.count()).toBe(touching);
  expect(await barriers(opened)).toEqual([]);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect.poll(() => page.locator('.selected-mark').count()).toBe(0);
});

test('a map that was drawn anew while its points were on their way is asked for once more', async () => {
  let asked = 0;
  const opened = await openExplored(bench(), images, {
    state: { ...state, view: 'loss' },
    answers: {
      async mapPoints(query) {
        asked++;
        // Another panel of the same run has its own map drawn meanwhile.
        if (asked === 1) await opened.explorer.map({ at: 0, method: 'pca' });
        return opened.explorer.mapPoints(query);
      },
    },
  });
  await opened.page.getByRole('tab', { name: 'Map' }).click();
  await drawn(opened);
  expect(asked).toBe(2);
  expect(await opened.page.getByRole('alert').count()).toBe(0);
});

function span(values: Float32Array): number {
  return Math.max(...values) - Math.min(...values);
}

test('a point tells what it is under the pointer, and is selected by a click', async () => {
  const opened = await openExplored(bench(), images, { state });
  await drawn(opened);
  const { page, explorer } = opened;
  const answer = await explorer.map({ at: 'final', method: 'pca' });
  const { xy } = explorer.mapPoints({ map: answer.map, from: 0 });
  // The leftmost point lies 28 pixels from the edge, or the map is bound by its height.
  const box = await page.locator('.map-figure canvas').boundingBox();
  if (box === null) throw new Error('the map is not shown');
  const [xs, ys] = [xy.filter((_, i) => i % 2 === 0), xy.filter((_, i) => i % 2 === 1)];
  const scale = Math.min((box.width - 56) / span(xs), (box.height - 56) / span(ys));
  const at = xs.indexOf(Math.min(...xs));
  const middle = (Math.max(...ys) + Math.min(...ys)) / 2;
  const x = box.x + box.width / 2 - (scale * span(xs)) / 2;
  const y = box.y + box.height / 2 - scale * ((ys[at] as number) - middle);
  await page.mouse.move(x, y);
  await page.locator('.map-tooltip img').waitFor();
  await page.mouse.click(x, y);
  await page.getByRole('heading', { name: '1 item selected' }).waitFor();
  expect(await page.locator('.map-items li').count()).toBe(1);
});

test('the slider moves the points, the axes stay until they are fitted here', async () => {
  const opened = await openExplored(bench(), images, { state });
  await drawn(opened);
  const { page } = opened;
  const caption = page.locator('.map p').first();
  await page.getByTestId('epoch-scrubber').press('Home');
  await page.getByText(/step 0 \(/).waitFor();
  expect(await caption.innerText()).toContain('principal components of the trained model');
  await page.getByRole('button', { name: 'Fit axes here' }).click();
  await expect.poll(() => caption.innerText()).toContain('principal components of step 0');
});

test('UMAP tells how far it is and can be given up', async () => {
  const umap = gate();
  let held = false;
  const opened: ExploredPage = await openExplored(bench(), images, {
    state: { ...state, view: 'loss' },
    answers: {
      async map(query) {
        if (query.method === 'umap' && !held) {
          held = true;
          opened.tell('busy', { what: 'map', done: 30, total: 120 });
          await umap.passed;
          throw new Error('It was given up.');
        }
        return await opened.explorer.map(query);
      },
    },
  });
  const { page } = opened;
  await page.getByRole('tab', { name: 'Map' }).click();
  await drawn(opened);
  await page.getByRole('button', { name: 'UMAP' }).click();
  await page.getByText(/25\s%/).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await drawn(opened);
  expect(await page.getByRole('button', { name: 'PCA' }).getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('button', { name: 'UMAP' }).click();
  // The end of what was given up changes nothing.
  umap.open();
  await page.getByText(/UMAP of 72 items/).waitFor({ timeout: 30_000 });
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('without WebGL a canvas draws', async () => {
  const opened = await openExplored(bench(), images, { state: { ...state, view: 'loss' } });
  await opened.page.evaluate(() => {
    const getContext = Reflect.get(HTMLCanvasElement.prototype, 'getContext') as (
      ...of: unknown[]
    ) => unknown;
    HTMLCanvasElement.prototype.getContext = function (
      this: HTMLCanvasElement,
      kind: string,
      options?: unknown,
    ) {
      return kind === 'webgl2' ? null : Reflect.apply(getContext, this, [kind, options]);
    } as HTMLCanvasElement['getContext'];
  });
  await opened.page.getByRole('tab', { name: 'Map' }).click();
  await drawn(opened);
  await opened.page.getByText('drawn with Canvas').waitFor();
  expect(await ink(opened)).toBeGreaterThan(500);
});

test('a context that was lost and comes back draws again, and nothing of the old painter is kept', async () => {
  const opened = await openExplored(bench(), images, { state: { ...state, view: 'loss' } });
  await opened.page.evaluate(() => {
    const made = { programs: 0 };
    Object.assign(window, { made });
    const context = WebGL2RenderingContext.prototype;
    const counted = (name: 'createProgram' | 'deleteProgram', change: number): void => {
      const original = Reflect.get(context, name) as (...program: readonly unknown[]) => unknown;
      Reflect.set(context, name, function (this: unknown, ...program: readonly unknown[]) {
        made.programs += change;
        return Reflect.apply(original, this, program);
      });
    };
    counted('createProgram', 1);
    counted('deleteProgram', -1);
  });
  await opened.page.getByRole('tab', { name: 'Map' }).click();
  await drawn(opened);
  const before = await ink(opened);
  await opened.page.locator('.map-figure canvas').evaluate(async (canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context');
    const restored = new Promise((done) => canvas.addEventListener('webglcontextrestored', done));
    const lost = new Promise((done) => canvas.addEventListener('webglcontextlost', done));
    context?.loseContext();
    await lost;
    setTimeout(() => context?.restoreContext());
    await restored;
  });
  expect(await ink(opened)).toBe(before);
  expect(
    await opened.page.evaluate(() => (Reflect.get(window, 'made') as { programs: number }).programs),
  ).toBe(1);
});

test('100,000 points come in pieces, and a frame of panning costs the page next to nothing', async () => {
  const points = 100_000;
  const asked: number[] = [];
  const opened = await openExplored(bench(), images, {
    state,
    answers: {
      map: () => ({
        map: 1,
        points,
        of: points,
        fitted: 'here',
        source: 'there',
        labels: ['a', 'b', 'c'],
        labelsOf: 3,
      }),
      mapPoints({ from }) {
        asked.push(from);
        const count = Math.min(mapPointsLimit, points - from);
        // A sunflower: every place differs.
        const angle = (i: number): number => (from + i) * 2.399963;
        return {
          xy: Float32Array.from({ length: 2 * count }, (_, i) => {
            const radius = Math.sqrt(from + (i >> 1));
            return radius * (i % 2 === 0 ? Math.cos(angle(i >> 1)) : Math.sin(angle(i >> 1)));
          }),
          row: Int32Array.from({ length: count }, (_, i) => from + i),
          label: Uint16Array.from({ length: count }, (_, i) => i % 3),
        };
      },
    },
  });
  await drawn(opened);
  expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6].map((piece) => piece * mapPointsLimit));
  const cost = await opened.page.locator('.map-figure canvas').evaluate(async (canvas) => {
    const original = window.requestAnimationFrame.bind(window);
    const spent: number[] = [];
    // Times what the page does in its frames.
    window.requestAnimationFrame = (callback) =>
      original((time) => {
        const start = performance.now();
        callback(time);
        spent.push(performance.now() - start);
      });
    const send = (kind: string, x: number): boolean =>
      canvas.dispatchEvent(
        new PointerEvent(kind, { clientX: 300 + x, clientY: 400, pointerId: 1, button: 0 }),
      );
    // A pointer that is not real cannot be captured.
    (canvas as HTMLElement).setPointerCapture = () => undefined;
    send('pointerdown', 0);
    for (let i = 1; i <= 60; i++) {
      send('pointermove', 3 * i);
      await new Promise((done) => original(done));
    }
    send('pointerup', 180);
    window.requestAnimationFrame = original;
    // The median.
    return { script: spent.toSorted((a, b) => a - b)[spent.length >> 1] ?? Number.NaN, count: spent.length };
  });
  expect(cost.count).toBeGreaterThan(30);
  expect(cost.script).toBeLessThan(8);
});

test.each(themes)('no serious finding of axe in %s', async (theme) => {
  const opened = await openExplored(bench(), images, { state, theme });
  await drawn(opened);
  await opened.page.getByRole('button', { name: 'Select what is in view' }).click();
  await opened.page.locator('.map-items img').first().waitFor();
  expect(await barriers(opened)).toEqual([]);
});
