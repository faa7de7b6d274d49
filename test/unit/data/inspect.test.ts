import { describe, expect, it } from 'vitest';
import { inspectFolder } from '../../../src/engine/data/inspect';
import type { InspectReport } from '../../../src/protocol/dataset';
import { UserError } from '../../../src/protocol/errors';
import { csv, folderOf, pairsCsv } from './fixtures';

const settings = (): { batchSize: number } => ({ batchSize: 16 });

async function report(files: Record<string, string | Uint8Array>): Promise<InspectReport> {
  return inspectFolder(folderOf(files), { seed: 1, settings });
}

const labelled = (name: string, count = 30): string =>
  csv('text,label', count, (i) => `${name} sentence number ${i},${i % 2 === 0 ? 'even' : 'odd'}`);

const three = (rows: string[]): string => `${rows.join('\n')}\n`;

const shown = async (text: string): Promise<unknown> =>
  (await report({ 'train.csv': text, 'dev.csv': text })).examples[1];

const refuse = (): never => {
  throw new UserError('rows-share-an-item', 'rows share an item');
};

describe('the pre-flight', () => {
  it('reports layout, splits, columns, three rows, batch and estimate', async () => {
    const root = folderOf({
      'train.csv': pairsCsv,
      'dev.csv': csv('anchor,positive', 3, (i) => `d ${i},e ${i}`),
    });
    const estimate = { memoryBytes: 5, seconds: 6, steps: 7 };
    const found = await inspectFolder(root, {
      seed: 1,
      settings: (dataset) => ({ batchSize: dataset.items.count, estimate }),
    });
    expect(found).toEqual({
      layout: 'pairs',
      ready: true,
      splits: { train: { items: 80, relations: 40 }, dev: { items: 6, relations: 3 } },
      columns: { anchor: 'anchor', positive: 'positive' },
      problems: [],
      examples: [0, 1, 2].map((i) => ({
        anchor: `what is number ${i}`,
        positive: `the number ${i} comes after ${i - 1}`,
      })),
      batch: { size: 86, expectedFalseNegatives: 0 },
      estimate,
    });
  });

  const cases: [what: string, files: Record<string, string>, expected: object, says: string][] = [
    [
      'repeated rows',
      { 'train.csv': pairsCsv + three(['what is number 3,the number 3 comes after 2']) },
      { code: 'duplicates', file: 'train.csv', line: 42, count: 1 },
      'equal to train.csv, line 5',
    ],
    [
      'several positives',
      { 'train.csv': pairsCsv + three(['what is number 3,another thing', 'what is number 3,one more']) },
      { code: 'several-positives', count: 1 },
      '"what is number 3"',
    ],
    [
      'leaked rows',
      {
        'train.csv': pairsCsv,
        'dev.csv': three(['anchor,positive', 'x 1,y 1', 'what is number 9,the number 9 comes after 8']),
      },
      { code: 'leakage', file: 'dev.csv', line: 3, count: 1 },
      'equal to train.csv, line 11',
    ],
    [
      'texts in other pairs of train',
      { 'train.csv': pairsCsv, 'dev.csv': three(['anchor,positive', 'what is number 9,y 1']) },
      { code: 'shared-items', file: 'dev.csv', line: 2, count: 1 },
      '"what is number 9"',
    ],
    [
      'leaked texts',
      {
        'train.csv': labelled('some'),
        'test.csv': labelled('other') + three(['some sentence number 4,even']),
      },
      { code: 'leakage', file: 'test.csv', line: 32, count: 1 },
      'equal to train.csv, line 6',
    ],
    [
      'unreadable texts',
      { 'train.csv': `${pairsCsv}... !!,what is it\n` },
      { code: 'no-usable-token', file: 'train.csv', line: 42, count: 1 },
      '"... !!"',
    ],
    [
      'lonely classes',
      { 'train.csv': `${labelled('some')}the only one of its kind,lonely\n` },
      { code: 'single-example', file: 'train.csv', line: 32, count: 1 },
      '"lonely"',
    ],
    [
      'two labels for a text',
      { 'train.csv': `${labelled('some')}some sentence number 4,odd\n` },
      { code: 'label-conflict', file: 'train.csv', line: 32, count: 1 },
      '"even" first and "odd"',
    ],
    [
      'empty cells',
      { 'train.csv': `${pairsCsv}what,\n ,that\n` },
      { code: 'empty-cells', file: 'train.csv', line: 42, count: 2 },
      'column "positive"',
    ],
    [
      'other files',
      { 'train.csv': pairsCsv, 'more.csv': 'question,reply\na,b\n', 'x.docx': 'x' },
      { code: 'left-out-file', file: 'more.csv' },
      '1 file left out: more.csv; the columns ("question", "reply")',
    ],
    [
      'unknown files',
      { 'train.csv': pairsCsv, 'x.docx': 'x', 'y.pdf': 'y' },
      { code: 'unknown-files', count: 2 },
      '.docx',
    ],
    [
      'a file without a header',
      {
        'train.csv': csv('one sentence that is data,1.5', 40, (i) => `sentence that is number ${i},${i % 3}`),
      },
      { code: 'no-header', file: 'train.csv', line: 1 },
      'column_1 to column_2',
    ],
    [
      'columns that never change',
      { 'train.csv': csv('x,y,z,label', 40, (i) => `${Math.sin(i)},${Math.cos(i)},5,c${i % 2}`) },
      { code: 'constant-columns', count: 1 },
      'number 3',
    ],
  ];

  it.each(cases)('tells %s', async (_what, files, expected, says) => {
    const { problems, ready } = await report(files);
    expect(ready).toBe(true);
    const found = problems.find((problem) => problem.code === (expected as { code: string }).code);
    expect(found).toMatchObject(expected);
    expect(found?.message).toContain(says);
  });

  it('is not ready where the training refuses', async () => {
    const found = await inspectFolder(folderOf({ 'train.csv': pairsCsv }), { seed: 1, settings: refuse });
    expect(found).toMatchObject({ layout: 'pairs', ready: false });
    expect(found.problems[0]).toMatchObject({ severity: 'error', code: 'rows-share-an-item' });
    expect(found.batch).toBeUndefined();
  });

  it('is not ready where no scored pair is a positive', async () => {
    const text = csv('sentence1,sentence2,score', 40, (i) => `left ${i},right ${i},${i % 3 === 0 ? 2 : 1}`);
    const found = await report({
      'train.csv': text,
      'infonce.json': '{"positiveThreshold": 4, "train": {"epochs": 3}}',
    });
    expect(found.ready).toBe(false);
    expect(found.problems[0]).toMatchObject({ severity: 'error', code: 'positive-threshold', count: 0 });
    expect(found.problems[0]?.message).toContain('no training pair has a score of at least 4');
  });

  it('shows rows of every layout as it understood them', async () => {
    expect(await shown(labelled('some'))).toEqual({ text: 'some sentence number 1', label: 'odd' });
    expect(await shown(csv('user,item', 40, (i) => `u${i % 8},i${i % 9}`))).toEqual({
      user: 'u1',
      item: 'i1',
    });
    expect(await shown(csv('anchor,positive,negative', 40, (i) => `a ${i},p ${i},n ${i}`))).toEqual({
      anchor: 'a 1',
      positive: 'p 1',
      negative: 'n 1',
    });
    expect(await shown(csv('text1,text2,score', 40, (i) => `a ${i},p ${i},${(i % 10) / 2}`))).toEqual({
      anchor: 'a 1',
      positive: 'p 1',
      score: '0.5',
    });
    expect(await shown(csv('x,z', 40, (i) => `${i / 2},${-i}`))).toEqual({ vector: '0.5, -1' });
  });
});
