import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { neighbours } from '../../../src/engine/explore/neighbours';
import { RunExplorer } from '../../../src/engine/explore/run-explorer';
import type { NeighbourAnswer } from '../../../src/protocol/explore';
import { dataset, pairs, refusal } from '../run/support';
import { angles, runOf } from './support';

const noOther = (): Promise<never> => Promise.reject(new Error('no other run was asked for'));
const contents = ['zero', 'five', 'ten', 'twenty', 'fifty', 'ninety'];
const degrees = [0, 5, 10, 20, 50, 90];

/** Six labelled items on an arc; step 0 kept three of them, at other places. */
async function labelled() {
  const data = dataset(
    { content: contents, label: Int32Array.of(0, 0, 1, 1, 0, -1) },
    {
      train: { items: [0, 1, 2], relations: { type: 'members', item: Int32Array.of(0, 1, 2) } },
      dev: { items: [3, 4, 5], relations: { type: 'members', item: Int32Array.of(3, 4, 5) } },
    },
    ['small', 'odd'],
  );
  const [a, b, c] = angles(0, 90, 30);
  return await runOf({ ...data, layout: 'labelled-texts' }, angles(...degrees), {
    snapshots: { 0: { 3: a as number[], 4: b as number[], 5: c as number[] } },
  });
}

const rowsOf = ({ rows }: NeighbourAnswer): number[] => rows.map(({ row }) => row);

describe('neighbours of an item', () => {
  test('come best first with all that is known of them', async () => {
    const { subject } = await labelled();
    const answer = await neighbours(subject, { query: { row: 0 }, k: 2, at: 'final' }, noOther);
    expect(answer.query?.content).toBe('zero');
    expect(
      answer.rows.map(({ rank, content, label, split, file, line }) => [
        rank,
        content,
        label,
        split,
        file,
        line,
      ]),
    ).toEqual([
      [1, 'five', 'small', 'train', 'train.csv', 3],
      [2, 'ten', 'odd', 'train', 'train.csv', 4],
    ]);
    expect(answer.rows[0]?.similarity).toBeCloseTo(Math.cos((5 * Math.PI) / 180), 6);
    expect([answer.source, answer.searched, answer.of]).toEqual(['the trained model (all 6 items)', 6, 6]);
    expect(answer.note).toBeUndefined();
  });

  test('are filtered by label and split', async () => {
    const { subject } = await labelled();
    const look = async (filter: { label?: string; split?: 'train' | 'dev' }) =>
      await neighbours(subject, { query: { row: 0 }, k: 9, at: 'final', ...filter }, noOther);
    expect(rowsOf(await look({ label: 'odd' }))).toEqual([2, 3]);
    expect(rowsOf(await look({ split: 'dev' }))).toEqual([3, 4, 5]);
    const both = await look({ label: 'small', split: 'dev' });
    expect([rowsOf(both), both.searched, both.of]).toEqual([[4], 1, 6]);
    expect((await refusal(look({ label: 'none' }))).code).toBe('no-such-label');
  });

  test('at a step are those that were kept there', async () => {
    const { subject } = await labelled();
    const answer = await neighbours(subject, { query: { row: 3 }, k: 9, at: 0 }, noOther);
    expect(rowsOf(answer)).toEqual([5, 4]);
    expect([answer.source, answer.searched, answer.of]).toEqual(['step 0 (3 of 6 items kept)', 3, 6]);
    const gone = await refusal(neighbours(subject, { query: { row: 0 }, k: 9, at: 0 }, noOther));
    expect([gone.code, gone.message]).toEqual([
      'not-kept',
      expect.stringContaining('step 0 (3 of 6 items kept)'),
    ]);
    const never = await refusal(neighbours(subject, { query: { row: 0 }, k: 9, at: 7 }, noOther));
    expect([never.code, never.message]).toEqual(['no-snapshot', expect.stringContaining('it has: 0')]);
  });

  test('tell what entered and left since another step, among the items that both have', async () => {
    const { subject } = await labelled();
    const answer = await neighbours(
      subject,
      { query: { row: 3 }, k: 1, at: 'final', since: { at: 0 } },
      noOther,
    );
    // Then: 90 degrees away and 30 degrees; now: 30 and 70 degrees.
    expect(answer.rows.map(({ row, entered }) => [row, entered])).toEqual([[4, true]]);
    expect(answer.left?.map(({ row, rank }) => [row, rank])).toEqual([[5, 1]]);
    expect(answer.searched).toBe(3);
    expect(answer.note).toBe(
      'The earlier list is from step 0 (3 of 6 items kept). Compared among the 3 items of 6 that both have.',
    );
  });

  test('tell what entered and left since another run, whose items are matched by their ids', async () => {
    const mine = await labelled();
    const other = await runOf(
      dataset(
        { content: ['only there', 'ninety', 'ten', 'zero'] },
        {
          train: { items: [0, 1, 2, 3], relations: { type: 'members', item: Int32Array.of(0, 1, 2, 3) } },
        },
      ),
      angles(3, 10, 80, 0),
      { beside: mine, name: 'other' },
    );
    const explorer = await RunExplorer.open(mine.folder);
    for (const run of [other.folder, other.run.id]) {
      const answer = await explorer.neighbours({ query: { row: 0 }, k: 1, at: 'final', since: { run } });
      expect(answer.rows.map(({ content, entered }) => [content, entered])).toEqual([['ten', true]]);
      expect(answer.left?.map(({ content, rank, row }) => [content, rank, row])).toEqual([['ninety', 1, 5]]);
      expect(answer.left?.[0]?.similarity).toBeCloseTo(Math.cos((10 * Math.PI) / 180), 6);
      expect(answer.searched).toBe(3);
    }
    const missing = explorer.neighbours({
      query: { row: 1 },
      k: 1,
      at: 'final',
      since: { run: other.run.id },
    });
    expect((await refusal(missing)).code).toBe('no-such-item');
  });
});

test('documents alone are answers where there are queries and documents', async () => {
  const { subject } = await runOf(
    dataset(
      { content: contents },
      { train: { items: [0, 1, 2, 3, 4, 5], relations: pairs([0, 2, 4], [1, 3, 5]) } },
    ),
    angles(...degrees),
  );
  const answer = await neighbours(subject, { query: { row: 2 }, k: 9, at: 'final' }, noOther);
  expect([rowsOf(answer), answer.searched, answer.of]).toEqual([[1, 3, 5], 3, 3]);
});

test('a file that is written anew is read anew', async () => {
  const { subject, run } = await labelled();
  const look = async () => await neighbours(subject, { query: { row: 0 }, k: 1, at: 'final' }, noOther);
  expect(rowsOf(await look())).toEqual([1]);
  await run.hold();
  await run.writeEmbeddings([
    { name: 'embeddings', shape: [6, 2], data: Float32Array.from(angles(0, 50, 60, 70, 80, 1).flat()) },
  ]);
  await run.release();
  expect(rowsOf(await look())).toEqual([5]);
});

describe('a run that is not whole', () => {
  test('has no neighbours at the end before it ends', async () => {
    const { subject } = await runOf(
      dataset({ content: contents }, { train: { items: [0, 1], relations: pairs([0], [1]) } }),
      undefined,
    );
    const error = await refusal(neighbours(subject, { query: { row: 0 }, k: 1, at: 'final' }, noOther));
    expect([error.code, error.message]).toEqual(['no-embeddings', expect.stringContaining('(stopped)')]);
  });

  test.each([
    ['of other items', [5, 2], 'the 6 rows'],
    ['that are no numbers', [6, 2], 'no numbers'],
  ])('embeddings %s are refused', async (_, shape, why) => {
    const { subject, run } = await labelled();
    const data = new Float32Array((shape[0] as number) * (shape[1] as number)).fill(Number.NaN);
    await run.hold();
    await run.writeEmbeddings([{ name: 'embeddings', shape, data }]);
    await run.release();
    const error = await refusal(neighbours(subject, { query: { row: 0 }, k: 1, at: 'final' }, noOther));
    expect([error.code, error.message]).toEqual(['damaged-run', expect.stringContaining(why)]);
  });

  test('rows of a snapshot that are no items are refused', async () => {
    const { subject, run } = await labelled();
    await run.hold();
    await run.writeSnapshot(
      3,
      [
        { name: 'probe.items', shape: [1], data: Int32Array.of(99) },
        { name: 'probe.embeddings', shape: [1, 2], data: Float32Array.of(1, 0) },
      ],
      {},
    );
    await run.release();
    expect((await refusal(subject.store.at(3))).code).toBe('damaged-run');
    await writeFile(path.join(run.path, 'snapshots/step-000004.safetensors'), 'short');
    expect((await refusal(subject.store.at(4))).code).toBe('damaged-tensors');
  });
});
