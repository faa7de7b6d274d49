import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemRows, readItemsFile, writeItemsFile } from '../../../src/engine/run/items-file';
import { dataset, pairs, refusal, temporaryFolder } from './support';

test('each kind of item has an id of its own making', () => {
  const splits = { train: { items: [0], relations: { type: 'members', item: Int32Array.of(0) } } } as const;
  const first = (data: Parameters<typeof dataset>[0]) =>
    itemRows(dataset(data, { train: { ...splits.train, items: [0] } })).next().value;
  const place = { file: 'train.csv', line: 2, split: 'train' };
  // printf '%s' 'grüße' | sha256sum
  expect(first({ content: ['grüße'] })).toEqual({ id: '8285d1ad84c6', content: 'grüße', ...place });
  expect(first({ kind: 'image', content: ['a/b.png'], line: Int32Array.of(0) })).toEqual({
    id: 'a/b.png',
    path: 'a/b.png',
    file: 'train.csv',
    split: 'train',
  });
  expect(first({ kind: 'id', content: ['7'], side: Uint8Array.of(0) })).toEqual({
    id: 'user:7',
    content: '7',
    ...place,
  });
  expect(first({ kind: 'id', content: ['7'], side: Uint8Array.of(1) })).toEqual({
    id: 'item:7',
    content: '7',
    ...place,
  });
  expect(first({ kind: 'vector', content: [''] })).toEqual({ id: 'train.csv:2', ...place });
});

test('roles, labels and splits are those of the relations', () => {
  const data = dataset(
    { content: ['q', 'd', 'both', 'n', 'alone'], label: Int32Array.of(-1, 0, 1, -1, -1) },
    {
      train: { items: [0, 1, 2, 3], relations: pairs([0, 2], [1, 1], [3, -1]) },
      dev: { items: [0, 2, 3], relations: pairs([0], [2], [3]) },
    },
    ['007', '__proto__'],
  );
  expect(
    [...itemRows(data)].map(({ content, role, label, split, splits }) => [
      content,
      role,
      label,
      split,
      splits,
    ]),
  ).toEqual([
    ['q', 'query', undefined, 'train', ['train', 'dev']],
    ['d', 'document', '007', 'train', undefined],
    ['both', 'both', '__proto__', 'train', ['train', 'dev']],
    ['n', 'negative', undefined, 'train', ['train', 'dev']],
    ['alone', undefined, undefined, undefined, undefined],
  ]);
});

test('any texts survive the file', async () => {
  const file = path.join(await temporaryFolder(), 'items.jsonl');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('NaN', '\u2028\u2029', '\r\n', '\0', '__proto__'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 20 }), async (content) => {
      const data = dataset({ content }, { train: { items: [], relations: pairs([], []) } });
      await writeItemsFile(file, data);
      expect(await readItemsFile(file)).toEqual([...itemRows(data)]);
    }),
    { numRuns: 50 },
  );
});

test('a hundred thousand items are one line each', async () => {
  const file = path.join(await temporaryFolder(), 'items.jsonl');
  const content = Array.from({ length: 100_000 }, (_, i) => `text number ${i}`);
  await writeItemsFile(file, dataset({ content }, { train: { items: [], relations: pairs([], []) } }));
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(100_001);
  expect((await readItemsFile(file)).at(-1)).toMatchObject({ content: 'text number 99999', line: 100_001 });
});

test('a damaged line is named, because rows must match the embeddings', async () => {
  const file = path.join(await temporaryFolder(), 'items.jsonl');
  await writeItemsFile(file, dataset({ content: ['a'] }, { train: { items: [], relations: pairs([], []) } }));
  await appendFile(file, '{"content":"no id"}\n');
  expect(await refusal(readItemsFile(file))).toMatchObject({ code: 'damaged-run', line: 2, file });
});
