import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { readDataset } from '../../../src/engine/data/read';
import { imageFolders, splitOfPath } from '../../../src/engine/data/split-names';
import { csv, folderOf, pairsCsv, problem, readFiles } from './fixtures';

const rowsOf = (dataset: Dataset): Record<string, number> =>
  Object.fromEntries(
    [...dataset.splits].map(([name, { relations }]) => {
      if (relations.type === 'members') return [name, relations.item.length];
      return [name, relations.type === 'pairs' ? relations.anchor.length : relations.first.length];
    }),
  );

const textsOf = (dataset: Dataset, split: 'train' | 'dev' | 'test'): Set<string> =>
  new Set(
    Array.from(dataset.splits.get(split)?.items ?? [], (item) => dataset.items.content[item] as string),
  );

describe('names of splits', () => {
  it.each([
    ['train.csv', 'train'],
    ['sts-Dev.tsv', 'dev'],
    ['data/test-00000-of-00001.parquet', 'test'],
    ['Validation/part_1.csv', 'dev'],
    ['training/eval.csv', 'test'],
    ['contest/latest.csv', undefined],
  ])('%s is %s', (name, split) => expect(splitOfPath(name)).toBe(split));

  it('of image folders: a class may be called train', () => {
    expect(imageFolders(['train/cat/1.png', 'test/dog/a/1.png'])).toEqual([
      { split: 'train', label: 'cat' },
      { split: 'test', label: 'dog/a' },
    ]);
    expect(imageFolders(['cat/train/1.png', 'cat/val/1.png'])).toEqual([
      { split: 'train', label: 'cat' },
      { split: 'dev', label: 'cat' },
    ]);
    expect(imageFolders(['train/1.png', 'car/1.png'])).toEqual([
      { split: undefined, label: 'train' },
      { split: undefined, label: 'car' },
    ]);
  });
});

/** Files of 20 pairs of their own. */
const files = (names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name, f) => [name, csv('anchor,positive', 20, (i) => `a ${f} ${i},p ${f} ${i}`)]),
  );

describe('splits that are given', () => {
  it('by file names and by folders', async () => {
    expect(rowsOf(await readFiles(files(['train.csv', 'dev.csv', 'test.csv'])))).toEqual({
      train: 20,
      dev: 20,
      test: 20,
    });
    expect(rowsOf(await readFiles(files(['train/a.csv', 'train/b.csv', 'val/a.csv'])))).toEqual({
      train: 40,
      dev: 20,
    });
  });

  it('a lone test file is the whole data set', async () => {
    expect(rowsOf(await readFiles(files(['test.csv'])))).toEqual({ train: 16, dev: 2, test: 2 });
  });

  it('by a column; another word is told', async () => {
    const text = csv(
      'anchor,positive,split',
      60,
      (i) => `a ${i},p ${i},${['Train', 'validation', 'TEST', 'other'][i % 10 > 3 ? 0 : i % 4]}`,
    );
    const dataset = await readFiles({ 'all.csv': text });
    expect(rowsOf(dataset).dev).toBeGreaterThan(0);
    expect(rowsOf(dataset).test).toBeGreaterThan(0);
    const unknown = problem(dataset, 'unknown-split');
    expect(unknown?.message).toContain('"other"');
    expect(unknown?.message).toContain('taken as train');
  });
});

const rows = (count: number): string => csv('anchor,positive', count, (i) => `a ${i},p ${i}`);

describe('rows too few for a dev split are told', () => {
  it.each([
    [{ 'a.csv': rows(8) }, 'metrics are of the training rows'],
    [{ 'train.csv': rows(9), 'test.csv': pairsCsv }, 'judged by the training rows'],
    [{ 'a.csv': csv('user,item', 20, (i) => `u${i},i${i}`) }, 'metrics are of the training rows'],
  ])('%#', async (files, says) => {
    const dataset = await readFiles(files);
    expect(dataset.splits.has('dev')).toBe(false);
    const found = problem(dataset, 'no-dev');
    expect(found?.severity).toBe('warning');
    expect(found?.message).toContain(says);
    expect(problem(dataset, 'cut-split')).toBeUndefined();
  });
});

describe('data that is only used', () => {
  it.each([
    ['all.csv', { train: 40 }],
    ['test.csv', { train: 40 }],
    ['train.csv', { train: 40 }],
  ])('%s stays whole', async (name, expected) => {
    const root = folderOf({ [name]: pairsCsv });
    expect(rowsOf(await readDataset(root, { seed: 1, purpose: 'use' }))).toEqual(expected);
  });

  it('splits that are given stay', async () => {
    const root = folderOf({
      'train.csv': pairsCsv,
      'test.csv': csv('anchor,positive', 9, (i) => `b ${i},c ${i}`),
    });
    expect(rowsOf(await readDataset(root, { seed: 1, purpose: 'use' }))).toEqual({ train: 40, test: 9 });
  });
});

describe('splits that are cut', () => {
  // 100 groups of two rows that share their positive.
  const grouped = csv('anchor,positive', 200, (i) => `first question ${i},shared answer ${i >> 1}`);

  it('keeps connected rows on one side, the same for the same seed', async () => {
    const root = folderOf({ 'all.csv': grouped });
    const [one, again, other] = await Promise.all([1, 1, 2].map(async (seed) => readDataset(root, { seed })));
    expect(rowsOf(one as Dataset)).toEqual({ train: 160, dev: 20, test: 20 });
    for (const name of ['dev', 'test'] as const) {
      const train = textsOf(one as Dataset, 'train');
      expect([...textsOf(one as Dataset, name)].filter((text) => train.has(text))).toEqual([]);
      expect(textsOf(again as Dataset, name)).toEqual(textsOf(one as Dataset, name));
      expect(textsOf(other as Dataset, name)).not.toEqual(textsOf(one as Dataset, name));
    }
    expect(again?.fingerprint).toBe(one?.fingerprint);
  });

  it('takes at most 500 rows for dev from a given train', async () => {
    const text = csv('anchor,positive', 8000, (i) => `a ${i},p ${i}`);
    const dataset = await readFiles({ 'train.csv': text, 'test.csv': pairsCsv });
    expect(rowsOf(dataset)).toEqual({ train: 7500, dev: 500, test: 40 });
    expect(problem(dataset, 'cut-split')?.message).toContain('500 rows of train set aside');
  });

  it('cuts row by row where everything hangs together, and says so', async () => {
    const text = csv(
      'anchor,positive',
      100,
      (i) => `what a question ${i >> 1},${i % 2 === 0 ? 'yes of course' : 'no never'}`,
    );
    const dataset = await readFiles({ 'all.csv': text });
    expect(rowsOf(dataset)).toEqual({ train: 80, dev: 10, test: 10 });
    expect(problem(dataset, 'linked-rows')?.severity).toBe('warning');
  });

  it('takes the same share of every label and leaves two of each', async () => {
    const text = csv(
      'text,label',
      104,
      (i) => `some words ${i},${i < 70 ? 'big' : i < 100 ? 'small' : `tiny${i >> 1}`}`,
    );
    const { items, labels, splits } = await readFiles({ 'all.csv': text });
    const count = (split: 'train' | 'dev' | 'test', label: string): number =>
      [...(splits.get(split)?.items ?? [])].filter((item) => labels[items.label[item] as number] === label)
        .length;
    expect([count('dev', 'big'), count('test', 'big')]).toEqual([7, 7]);
    expect([count('dev', 'small'), count('test', 'small')]).toEqual([3, 3]);
    expect([count('train', 'tiny50'), count('train', 'tiny51')]).toEqual([2, 2]);
  });

  it('keeps equal vectors on one side', async () => {
    const text = csv('x,y,label', 100, (i) => `${(i >> 1) * 1.5},${Math.sin(i >> 1)},c${(i >> 1) % 2}`);
    const { items, splits } = await readFiles({ 'all.csv': text });
    const xs = (split: 'train' | 'dev' | 'test'): number[] =>
      [...(splits.get(split)?.items ?? [])].map((item) => items.vectors?.data[item * 2] as number);
    expect(xs('dev').length + xs('test').length).toBeGreaterThan(15);
    const train = new Set(xs('train'));
    expect([...xs('dev'), ...xs('test')].filter((x) => train.has(x))).toEqual([]);
  });

  it('holds out the latest of every user, and only users and items that train knows', async () => {
    const text = csv(
      'user,item,time',
      400,
      (i) => `u${i % 20},i${(i * 7 + (i % 20)) % 33},${1000 + ((i * 37) % 400)}`,
    );
    const dataset = await readFiles({ 'log.csv': text });
    const train = dataset.splits.get('train');
    const known = new Set(train?.items);
    for (const name of ['dev', 'test'] as const) {
      expect(rowsOf(dataset)[name]).toBeGreaterThan(10);
      expect([...(dataset.splits.get(name)?.items ?? [])].filter((item) => !known.has(item))).toEqual([]);
    }
    expect(dataset.items.side?.reduce((a, b) => a + b, 0)).toBe(
      dataset.items.content.filter((id) => id.startsWith('i')).length,
    );
  });
});
