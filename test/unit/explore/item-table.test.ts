import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ItemTable } from '../../../src/engine/explore/item-table';
import { dataset, pairs, refusal } from '../run/support';
import { runOf } from './support';

const texts = ['Where is the "north"?', 'Über\u2028alles', 'b\\n', '<b>ÜBER</b> and on', '日本'];

async function made() {
  return await runOf(
    dataset(
      { content: texts, label: Int32Array.of(1, -1, 0, 1, -1) },
      {
        train: { items: [0, 1, 2], relations: pairs([0], [1], [2]) },
        dev: { items: [0, 3], relations: pairs([0], [3]) },
      },
      ['first', 'second'],
    ),
    undefined,
  );
}

describe('the items of a run', () => {
  test('are read by row, however they are written', async () => {
    const { subject } = await made();
    const { items } = subject;
    expect(items.count).toBe(5);
    expect((await items.rows([4, 0, 4, 1])).map(({ content }) => content)).toEqual([
      texts[4],
      texts[0],
      texts[4],
      texts[1],
    ]);
    expect((await refusal(items.row(5))).code).toBe('no-such-item');
    expect((await refusal(items.row(-1))).code).toBe('no-such-item');
  });

  test('have labels, splits and roles in columns', async () => {
    const { items } = (await made()).subject;
    expect(items.labels).toEqual(['second', 'first']);
    expect([...items.label]).toEqual([0, -1, 1, 0, -1]);
    const inside = (split: 'train' | 'dev') => [0, 1, 2, 3, 4].filter((row) => items.isIn(row, split));
    expect(inside('train')).toEqual([0, 1, 2]);
    expect(inside('dev')).toEqual([0, 3]);
    expect([0, 1, 2, 3, 4].filter((row) => items.isDocument(row))).toEqual([1, 3]);
    expect([0, 1, 2, 3, 4].filter((row) => items.isQuery(row))).toEqual([0]);
  });

  test.each([
    ['über', [1, 3], 2],
    ['  NORTH"', [0], 1],
    ['b\\n', [2], 1],
    ['本', [4], 1],
    ['</B>', [3], 1],
    ['content', [], 0],
    ['   ', [], 0],
  ])('are found by %o', async (words, rows, found) => {
    const { items } = (await made()).subject;
    expect(await items.find(words, 10)).toEqual({ rows, found });
  });

  test('a choice is bounded and says of how many', async () => {
    const { items } = (await made()).subject;
    expect(await items.find('b', 1)).toEqual({ rows: [1], found: 3 });
  });

  test('are found by their ids', async () => {
    const { items } = (await made()).subject;
    const { id } = await items.row(3);
    expect(await items.rowOf(id)).toBe(3);
    expect((await refusal(items.rowOf('nobody'))).message).toContain('"nobody"');
    expect(await items.find(id, 5)).toEqual({ rows: [3], found: 1 });
  });

  test('a line that is no item is named', async () => {
    const { run } = await made();
    const file = path.join(run.path, 'items.jsonl');
    await appendFile(file, '{"id":7}\n');
    const error = await refusal(ItemTable.read(run));
    expect([error.code, error.line]).toEqual(['damaged-run', 6]);
  });

  test('a file that has changed since is not read as something else', async () => {
    const { run, subject } = await made();
    const file = path.join(run.path, 'items.jsonl');
    await writeFile(file, `{"id":"another, and longer than before"}\n${await readFile(file, 'utf8')}`);
    expect((await refusal(subject.items.row(2))).code).toBe('damaged-run');
  });
});
