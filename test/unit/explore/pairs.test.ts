import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { leastAlikePositives, mostAlikeNegatives } from '../../../src/engine/explore/pair-scan';
import { pairs } from '../../../src/engine/explore/pairs';
import { RunExplorer } from '../../../src/engine/explore/run-explorer';
import type { PairAnswer, PairKind } from '../../../src/protocol/explore';
import { dataset, pairs as pairRelations, refusal } from '../run/support';
import { angles, type Made, runOf } from './support';

const look = async ({ subject }: Made, kind: PairKind, at: number | 'final' = 'final', limit = 20) =>
  await pairs(subject, { kind, at, limit });
const rowsOf = ({ rows }: PairAnswer): [number, number][] =>
  rows.map(({ first, second }) => [first.row, second.row]);

/** Queries 0, 2, 4 with documents 1, 3, 5; the pair (0, 1) is told twice, once the other way round, and 6 is its own answer. */
async function questions(): Promise<Made> {
  return await runOf(
    dataset(
      { content: ['q0', 'd0', 'q1', 'd1', 'q2', 'd2', 'own'] },
      {
        train: { items: [0, 1, 2, 3, 6], relations: pairRelations([0, 1, 2, 6], [1, 0, 3, 6]) },
        dev: { items: [4, 5], relations: pairRelations([4], [5]) },
      },
    ),
    // Similarities: q0-d0 40 degrees, q1-d1 10, q2-d2 20. d1 is 5 from q2, q1 is 15 from q2, d2 is 35 from q1.
    angles(0, 40, 100, 110, 115, 135, 200),
    { snapshots: { 5: { 4: [1, 0], 5: [0, 1] } } },
  );
}

describe('pairs that are given', () => {
  test('the hardest positives are the least alike, each once, none of an item with itself', async () => {
    const answer = await look(await questions(), 'hardest-positives');
    expect(rowsOf(answer)).toEqual([
      [0, 1],
      [4, 5],
      [2, 3],
    ]);
    expect(answer.rows[0]?.similarity).toBeCloseTo(Math.cos((40 * Math.PI) / 180), 5);
    expect([answer.found, answer.searched, answer.of]).toEqual([3, 6, 6]);
    expect(answer.positivesMedian).toBeCloseTo(Math.cos((20 * Math.PI) / 180), 5);
  });

  test('the hardest negatives are the most alike that are no positives, a query first', async () => {
    const answer = await look(await questions(), 'hardest-negatives', 'final', 3);
    expect(rowsOf(answer)[0]).toEqual([4, 3]);
    expect(answer.rows).toHaveLength(3);
    expect(answer.found).toBeGreaterThan(3);
    const known = ['0 1', '1 0', '2 3', '4 5', '6 6'];
    for (const [a, b] of rowsOf(await look(await questions(), 'hardest-negatives')))
      expect(known).not.toContain(`${a} ${b}`);
  });

  test('suspected false negatives are above the median of the positives', async () => {
    const answer = await look(await questions(), 'false-negatives');
    // d1 is 5 degrees from q2: cosine 0.996, nearly the same.
    expect(answer.rows.map(({ first, second, reason }) => [first.row, second.row, reason])).toEqual([
      [4, 3, 'duplicate'],
    ]);
    for (const { similarity } of answer.rows)
      expect(similarity).toBeGreaterThan(answer.positivesMedian as number);
  });

  test('at a step they are those of the items kept there', async () => {
    const answer = await look(await questions(), 'hardest-positives', 5);
    expect([rowsOf(answer), answer.searched, answer.of]).toEqual([[[4, 5]], 2, 6]);
    expect(answer.source).toBe('step 5 (2 of 7 items kept)');
  });

  test('a run that kept no relations says so', async () => {
    const made = await questions();
    await rm(path.join(made.folder, 'relations.safetensors'));
    const error = await refusal(look({ ...made }, 'hardest-negatives'));
    expect([error.code, error.message]).toEqual(['no-relations', expect.stringContaining('train again')]);
  });

  test('scored pairs belong together from the threshold on', async () => {
    const data = dataset(
      { content: ['a', 'b', 'c', 'd'] },
      {
        train: {
          items: [0, 1, 2, 3],
          relations: {
            type: 'scored',
            first: Int32Array.of(0, 2),
            second: Int32Array.of(1, 3),
            score: Float32Array.of(5, 1),
          },
        },
      },
    );
    const made = await runOf(
      { ...data, layout: 'scored-pairs', positiveThreshold: 4 },
      angles(0, 30, 60, 61),
    );
    expect(rowsOf(await look(made, 'hardest-positives'))).toEqual([[0, 1]]);
    expect(rowsOf(await look(made, 'hardest-negatives'))[0]).toEqual([2, 3]);
  });
});

/** Five texts on an arc, by their labels (-1 for none). */
const labelled = async (label: number[], layout: 'labelled-texts' | 'images' = 'labelled-texts') =>
  await runOf(
    {
      ...dataset(
        { content: label.map((_, i) => `t${i}`), label: Int32Array.from(label) },
        {
          train: {
            items: [...label.keys()],
            relations: { type: 'members', item: Int32Array.from(label.keys()) },
          },
        },
        ['a', 'b'],
      ),
      layout,
    },
    angles(0, 10, 60, 61, 100),
    { relations: false },
  );

describe('labels', () => {
  test('say what belongs together, without a file of relations', async () => {
    const made = await labelled([0, 0, 0, 1, 1]);
    expect(rowsOf(await look(made, 'hardest-positives'))).toEqual([
      [0, 2],
      [1, 2],
      [3, 4],
      [0, 1],
    ]);
    const negatives = await look(made, 'hardest-negatives', 'final', 2);
    expect(rowsOf(negatives)).toEqual([
      [2, 3],
      [2, 4],
    ]);
    expect(negatives.rows.every(({ first, second }) => first.label !== second.label)).toBe(true);
    const suspected = await look(made, 'false-negatives');
    expect(suspected.rows[0]).toMatchObject({ first: { row: 2 }, second: { row: 3 }, reason: 'duplicate' });
  });

  test('where there are none, nothing but views belongs together', async () => {
    const made = await labelled([-1, -1, -1, -1, -1], 'images');
    const error = await refusal(look(made, 'hardest-positives'));
    expect([error.code, error.message]).toEqual(['no-positives', expect.stringContaining('label column')]);
    expect(rowsOf(await look(made, 'hardest-negatives', 'final', 1))).toEqual([[2, 3]]);
    const twice = await look(made, 'false-negatives');
    expect(twice.rows.map(({ reason }) => reason)).toEqual(['duplicate']);
    expect(twice.positivesMedian).toBeUndefined();
  });

  test('large data is sampled, always the same, and the sample is told', async () => {
    const count = 400;
    const made = await runOf(
      {
        ...dataset(
          {
            content: Array.from({ length: count }, (_, i) => `t${i}`),
            label: Int32Array.from({ length: count }, (_, i) => i % 3),
          },
          { train: { items: [0], relations: { type: 'members', item: Int32Array.of(0) } } },
          ['a', 'b', 'c'],
        ),
        layout: 'labelled-texts',
      },
      angles(...Array.from({ length: count }, (_, i) => (i * 37) % 360)),
    );
    const { items, answers, store } = made.subject;
    const [embeddings, together] = await Promise.all([store.at('final'), made.subject.together()]);
    const context = { items, answers, embeddings, together, seed: 1 };
    const sampled = await mostAlikeNegatives({ ...context, budget: 100 * count * (2 + 16) });
    expect([sampled.searched, sampled.of]).toEqual([100, count]);
    expect(await mostAlikeNegatives({ ...context, budget: 100 * count * (2 + 16) })).toEqual(sampled);
    const asking = new Set(sampled.pairs.flatMap(({ first, second }) => [first, second]));
    expect(asking.size).toBeGreaterThan(100);
    expect(await mostAlikeNegatives({ ...context, seed: 2, budget: 100 * count * (2 + 16) })).not.toEqual(
      sampled,
    );
    expect((await mostAlikeNegatives(context)).searched).toBe(count);
    // However small the budget, some are looked at.
    expect((await leastAlikePositives({ ...context, budget: 1 })).searched).toBe(64);
  });

  test('a look can be taken back', async () => {
    const made = await labelled([0, 0, 0, 1, 1]);
    const stopped = new AbortController();
    stopped.abort();
    await expect(
      pairs(made.subject, { kind: 'hardest-negatives', at: 'final', limit: 1 }, { signal: stopped.signal }),
    ).rejects.toBe(stopped.signal.reason);
  });
});

describe('what the user says of a pair', () => {
  test('is kept beside the dataset, shown, and taken back', async () => {
    const made = await questions();
    const explorer = await RunExplorer.open(made.folder);
    const { file, marks } = await explorer.mark({ first: 4, second: 3, mark: 'same' });
    // The record names ../../data as its dataset.
    expect(file).toBe(path.join(made.folder, '../../.infonce/marks/data.jsonl'));
    expect(marks).toBe(1);
    expect(await readdir(path.join(made.folder, '../../data'))).toEqual([]);
    const marked = await look(made, 'hardest-negatives', 'final', 2);
    expect(marked.rows.map(({ mark }) => mark)).toEqual(['same', undefined]);
    expect((await explorer.mark({ first: 3, second: 4, mark: 'different' })).marks).toBe(1);
    expect((await look(made, 'hardest-negatives', 'final', 1)).rows[0]?.mark).toBe('different');
    expect((await explorer.mark({ first: 3, second: 4, mark: null })).marks).toBe(0);
    expect((await look(made, 'hardest-negatives', 'final', 1)).rows[0]?.mark).toBeUndefined();
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(4);
    expect((await refusal(explorer.mark({ first: 3, second: 3, mark: 'same' }))).code).toBe('same-item');
  });
});
