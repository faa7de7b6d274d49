import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { expectedFalseNegatives } from '../../../src/engine/data/false-negatives';
import { knownPositives } from '../../../src/engine/data/positives';
import { readDataset } from '../../../src/engine/data/read';
import { positivePairs } from '../../../src/engine/data/scores';
import { csv, folderOf, readFiles } from './fixtures';

/** Train is all of it: a dev file keeps the reader from cutting one. */
async function trainOf(text: string, dev: string): Promise<Dataset> {
  return readFiles({ 'train.csv': text, 'dev.csv': dev });
}

const pairText = csv('anchor,positive', 30, (i) => `question ${i % 10},answer ${(i * 3) % 7}`);
const pairDev = csv('anchor,positive', 3, (i) => `dev question ${i},dev answer ${i}`);

describe('known positives', () => {
  it('maps every item to its partners in both directions', async () => {
    const dataset = await trainOf(pairText, pairDev);
    const known = knownPositives(dataset, 'train');
    const expected = new Map<string, Set<string>>();
    const put = (a: string, b: string): unknown => expected.set(a, (expected.get(a) ?? new Set()).add(b));
    for (const row of pairText.trim().split('\n').slice(1)) {
      const [a = '', p = ''] = row.split(',');
      put(a, p);
      put(p, a);
    }
    const index = (text: string): number => dataset.items.content.indexOf(text);
    for (const [text, partners] of expected) {
      expect([...known.of(index(text))]).toEqual([...partners].map(index).sort((a, b) => a - b));
      for (const other of expected.keys())
        expect(known.has(index(text), index(other))).toBe(partners.has(other));
    }
    expect(known.of(index('dev question 1')).length).toBe(0);
  });
});

const scored = (scale: number): string =>
  csv('sentence1,sentence2,score', 44, (i) => `left text ${i},right text ${i},${((i % 11) / 10) * scale}`);
const scoredDev = (scale: number): string =>
  csv('sentence1,sentence2,score', 3, (i) => `dev left ${i},dev right ${i},${scale / 2}`);

describe('scored pairs', () => {
  it.each([1, 5, 10, 100])('takes 0.8 of a scale to %d as threshold', async (scale) => {
    const dataset = await trainOf(scored(scale), scoredDev(scale));
    expect(dataset.positiveThreshold).toBeCloseTo(0.8 * scale, 9);
    const { anchor, positive } = positivePairs(dataset, 'train');
    expect(anchor.length).toBe(12);
    for (const [row, a] of anchor.entries()) {
      expect(dataset.items.content[positive[row] as number]).toBe(
        dataset.items.content[a]?.replace('left', 'right'),
      );
    }
  });

  it('takes the threshold of the config', async () => {
    const root = folderOf({ 'train.csv': scored(5), 'dev.csv': scoredDev(5) });
    const dataset = await readDataset(root, { seed: 1, config: { positiveThreshold: 5 } });
    expect(positivePairs(dataset, 'train').anchor.length).toBe(4);
  });
});

describe('expected false negatives', () => {
  it('is, for pairs, what counting over all rows gives', async () => {
    const dataset = await trainOf(pairText, pairDev);
    const { anchor, positive } = positivePairs(dataset, 'train');
    const known = knownPositives(dataset, 'train');
    let clashes = 0;
    anchor.forEach((a, row) =>
      positive.forEach((p, other) => (clashes += Number(other !== row && known.has(a, p)))),
    );
    expect(clashes).toBeGreaterThan(0);
    expect(expectedFalseNegatives(dataset, 8)).toBeCloseTo(((clashes / 30) * 7) / 29, 12);
  });

  it('is, for labels, the share of the same class', async () => {
    const text = csv('text,label', 20, (i) => `some text ${i},${i < 5 ? 'few' : 'many'}`);
    const dev = csv('text,label', 4, (i) => `dev text ${i},few`);
    const dataset = await trainOf(text, dev);
    expect(expectedFalseNegatives(dataset, 4)).toBeCloseTo(((5 * 4 + 15 * 14) / 20 / 19) * 3, 12);
  });

  it('is nothing for views and for distinct pairs', async () => {
    expect(
      expectedFalseNegatives(
        await readFiles({ 'a.csv': csv('x,y', 30, (i) => `${i * 1.5},${Math.sin(i)}`) }),
        8,
      ),
    ).toBe(0);
    expect(
      expectedFalseNegatives(
        await readFiles({ 'a.csv': csv('anchor,positive', 30, (i) => `a ${i},p ${i}`) }),
        8,
      ),
    ).toBe(0);
  });
});
