import { PCA } from 'ml-pca';
import { describe, expect, test } from 'vitest';
import { fitAxes } from '../../../src/engine/explore/map/axes';
import { Maps } from '../../../src/engine/explore/map/maps';
import { project } from '../../../src/engine/explore/map/project';
import { stratifiedSample } from '../../../src/engine/explore/map/sample';
import { umapLayout } from '../../../src/engine/explore/map/umap';
import { random } from '../../../src/engine/random';
import { dataset, refusal } from '../run/support';
import { runOf, unitRows } from './support';

/** Points in three clumps, `width` wide, with less and less variance from one dimension to the next. */
function clumps(count: number, width: number, clumped = 3): number[][] {
  const source = random(3, 'clumps');
  return Array.from({ length: count }, (_, row) =>
    Array.from(
      { length: width },
      (_, i) => (i === row % clumped ? 4 - i : 0) + source.normal() / (i + 2) + (i === 0 ? 1 : 0),
    ),
  );
}

function embeddingsOf(directions: number[][]) {
  const rows = Int32Array.from(directions.keys());
  return { rows, data: unitRows(directions), dimensions: directions[0]?.length ?? 0 };
}

describe('the axes of a map', () => {
  test.each([
    ['narrow embeddings', 5],
    ['embeddings wider than what is computed exactly', 60],
  ])('are the principal components of %s', async (_, width) => {
    const embeddings = embeddingsOf(clumps(300, width));
    const { directions } = await fitAxes(embeddings, embeddings.rows);
    const rows = Array.from({ length: 300 }, (_, i) =>
      Array.from(embeddings.data.subarray(i * width, (i + 1) * width)),
    );
    const exact = new PCA(rows, { method: 'SVD' });
    for (const at of [0, 1]) {
      const component = exact.getEigenvectors().getColumn(at);
      const sign = Math.sign(component.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)));
      const direction = directions[at] as Float64Array;
      for (const [i, value] of component.entries()) expect(direction[i]).toBeCloseTo(sign * value, 4);
    }
    const kept = project(
      embeddings,
      embeddings.rows,
      await fitAxes(embeddings, embeddings.rows),
    ).varianceKept;
    expect(kept).toBeCloseTo(exact.getCumulativeVariance()[1] as number, 4);
  });

  test.each([
    ['one point', [[1, 2, 3]]],
    [
      'equal points',
      [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ],
    ],
    ['one dimension', [[1], [-1], [1]]],
    ['many equal wide points', Array.from({ length: 5 }, () => Array.from({ length: 40 }, () => 1))],
  ])('are numbers for %s', async (_, directions) => {
    const embeddings = embeddingsOf(directions);
    const axes = await fitAxes(embeddings, embeddings.rows);
    const { xy, varianceKept } = project(embeddings, embeddings.rows, axes);
    expect([...xy].every(Number.isFinite)).toBe(true);
    expect(varianceKept).toBe(1);
  });
});

/** Three points of a rare label, a tenth of another, the rest of none. */
const rareLabel = (point: number): number => (point < 3 ? 0 : point % 10 === 0 ? 1 : -1);

describe('a sample of the points', () => {
  test('keeps the share of each label, at least one of each, always the same', () => {
    const sample = stratifiedSample(10_000, rareLabel, 100, 5);
    expect(sample).toHaveLength(100);
    expect([...sample]).toEqual([...new Set(sample)].sort((a, b) => a - b));
    const counts = [...sample].map(rareLabel);
    expect(counts.filter((own) => own === 0)).toHaveLength(1);
    expect(Math.abs(counts.filter((own) => own === 1).length - 10)).toBeLessThanOrEqual(1);
    expect(stratifiedSample(10_000, rareLabel, 100, 5)).toEqual(sample);
    expect(stratifiedSample(10_000, rareLabel, 100, 6)).not.toEqual(sample);
  });

  test('is everything where everything fits, and never more than fits', () => {
    expect([...stratifiedSample(4, () => 0, 4, 1)]).toEqual([0, 1, 2, 3]);
    expect(stratifiedSample(50, (point) => point, 7, 1)).toHaveLength(7);
  });
});

describe('UMAP', () => {
  const count = 90;
  const embeddings = embeddingsOf(clumps(count, 6));
  const task = async () => {
    const axes = await fitAxes(embeddings, embeddings.rows);
    const { data, dimensions, rows } = embeddings;
    return { data, dimensions, start: project(embeddings, rows, axes).xy, seed: 4 };
  };

  test('keeps together what is alike, and is the same every time', async () => {
    const told: number[] = [];
    const layout = await umapLayout(await task(), { onProgress: (done, total) => told.push(done / total) });
    const point = (i: number) => [layout[2 * i], layout[2 * i + 1]] as [number, number];
    const distance = (a: number, b: number) => {
      const [[ax, ay], [bx, by]] = [point(a), point(b)];
      return Math.hypot(ax - bx, ay - by);
    };
    let own = 0;
    for (let i = 0; i < count; i++) {
      const nearest = [...embeddings.rows.keys()]
        .filter((j) => j !== i)
        .reduce((best, j) => (distance(i, j) < distance(i, best) ? j : best), i === 0 ? 1 : 0);
      own += Number(nearest % 3 === i % 3);
    }
    expect(own / count).toBeGreaterThan(0.95);
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(await umapLayout(await task(), {})).toEqual(layout);
  });

  test('stops when it is told to', async () => {
    const stop = new AbortController();
    const layout = umapLayout(await task(), {
      signal: stop.signal,
      onProgress: (done, total) => {
        if (done / total > 0.6) stop.abort();
      },
    });
    const error: unknown = await layout.catch((error: unknown) => error);
    expect(error).toBe(stop.signal.reason);
  });

  test('needs no minimum of points', async () => {
    const start = Float32Array.of(1, 2, 3, 4);
    const { data } = embeddingsOf([
      [1, 0],
      [0, 1],
    ]);
    expect(await umapLayout({ data, dimensions: 2, start, seed: 1 }, {})).toEqual(start);
  });
});

/** A direction for each row from `from` on. */
function kept(rows: number[][], from: number): Record<number, number[]> {
  return Object.fromEntries(rows.slice(from).map((row, i) => [from + i, row]));
}

/** Thirty items, of which the last twenty are kept at steps 0 and 8; at 8 they are where they end. */
async function made() {
  const label = Int32Array.from({ length: 30 }, (_, i) => (i === 0 ? -1 : i % 2));
  const data = dataset(
    { content: Array.from(label, (_, i) => `t${i}`), label },
    { train: { items: [0], relations: { type: 'members', item: Int32Array.of(0) } } },
    ['odd', 'even'],
  );
  const final = clumps(30, 5);
  const early = clumps(31, 5).slice(1);
  return await runOf(data, final, { snapshots: { 0: kept(early, 10), 8: kept(final, 10) } });
}

async function maps(): Promise<Maps> {
  return new Maps((await made()).subject, umapLayout);
}

describe('the maps of a run', () => {
  test('say what they show, and give their points', async () => {
    const drawn = await maps();
    const map = await drawn.map({ at: 'final', method: 'pca' });
    expect(map).toMatchObject({
      points: 30,
      of: 30,
      fitted: 'principal components of the trained model (30 items)',
      source: 'the trained model (all 30 items)',
      labels: ['even', 'odd'],
    });
    expect(map.varianceKept).toBeGreaterThan(0.5);
    const { xy, row, label } = drawn.points(map.map, 0);
    expect([xy.length, row.length]).toEqual([60, 30]);
    expect([...label.subarray(0, 4)]).toEqual([65_535, 0, 1, 0]);
    expect([...drawn.points(map.map, 28).row]).toEqual([28, 29]);
    await drawn.map({ at: 'final', method: 'pca' });
    expect((await refusal((async () => drawn.points(map.map, 0))())).code).toBe('old-map');
  });

  test('keep their axes, so that an item that stayed stays where it was', async () => {
    const drawn = await maps();
    const points = async (at: number | 'final', refit = false) => {
      const { map, fitted } = await drawn.map({ at, method: 'pca', refit });
      return { ...drawn.points(map, 0), fitted };
    };
    const end = await points('final');
    const last = await points(8);
    expect([...last.row]).toEqual(Array.from({ length: 20 }, (_, i) => 10 + i));
    expect(last.xy).toEqual(end.xy.slice(20));
    const first = await points(0);
    expect(first.fitted).toBe(end.fitted);
    expect(first.xy).not.toEqual(last.xy);
    const anew = await points(0, true);
    expect(anew.fitted).toBe('principal components of step 0 (20 items)');
    expect((await points(8)).fitted).toBe(anew.fitted);
  });

  test('UMAP leaves the other map as it is', async () => {
    const drawn = await maps();
    const pca = await drawn.map({ at: 'final', method: 'pca' });
    const umap = await drawn.map({ at: 0, method: 'umap' });
    expect(umap).toMatchObject({ points: 20, of: 30, source: 'step 0 (20 of 30 items kept)' });
    expect(umap.varianceKept).toBeUndefined();
    expect(drawn.points(pca.map, 0).row).toHaveLength(30);
    expect(drawn.points(umap.map, 0).row).toHaveLength(20);
  });
});
