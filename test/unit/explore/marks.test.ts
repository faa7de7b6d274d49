import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchItems } from '../../../src/engine/batch/items';
import { marksSetting, withMarks } from '../../../src/engine/batch/marked';
import { FalseNegatives } from '../../../src/engine/batch/mask';
import { epochRows } from '../../../src/engine/batch/rows';
import { appendMark, marksFile, readMarks } from '../../../src/engine/data/marks';
import { readDataset } from '../../../src/engine/data/read';
import { itemId } from '../../../src/engine/run/items-file';
import { readRelations, writeRelations } from '../../../src/engine/run/relations-file';
import { dataset, pairs, refusal, temporaryFolder } from '../run/support';
import { fileOf, modelBytes, trainOn, translations } from '../train/support';

describe('the file of marks', () => {
  test('lies beside the dataset, a folder or a file', () => {
    expect(marksFile('/data/mine')).toBe('/data/.infonce/marks/mine.jsonl');
    expect(marksFile('/data/pairs.csv')).toBe('/data/.infonce/marks/pairs.csv.jsonl');
  });

  test('the last word on a pair counts, whichever way round it is given', async () => {
    const file = path.join(await temporaryFolder(), 'new', 'marks.jsonl');
    expect(await readMarks(file)).toEqual({ list: [], unreadable: [] });
    await appendMark(file, { first: 'a', second: 'b', mark: 'same' });
    await appendMark(file, { first: 'c', second: 'a', mark: 'same' });
    await appendMark(file, { first: 'b', second: 'a', mark: 'different' });
    await appendMark(file, { first: 'a', second: 'c', mark: null });
    expect((await readMarks(file)).list).toEqual([{ first: 'b', second: 'a', mark: 'different' }]);
  });

  test('lines that are no marks are named and passed over, a torn one takes no other with it', async () => {
    const file = path.join(await temporaryFolder(), 'marks.jsonl');
    const good = '{"first":"a","second":"b","mark":"same"}';
    await writeFile(
      file,
      `${good}\nnot JSON\n[]\n\n{"first":"a","second":7,"mark":"same"}\n{"first":"a","sec`,
    );
    await appendMark(file, { first: 'x', second: 'y', mark: 'different' });
    const { list, unreadable } = await readMarks(file);
    expect(list).toHaveLength(2);
    expect(unreadable).toEqual([2, 3, 5, 6]);
  });

  test('what cannot be written is said', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'file'), '');
    const error = await refusal(
      appendMark(path.join(folder, 'file', 'marks.jsonl'), { first: 'a', second: 'b', mark: 'same' }),
    );
    expect(error.message).toContain('cannot write');
  });
});

describe('relations in a run', () => {
  const texts = ['a', 'b', 'c', 'd', 'e', 'f'];

  test('come back as they were', async () => {
    const folder = await temporaryFolder();
    const scored = {
      type: 'scored' as const,
      first: Int32Array.of(0, 2),
      second: Int32Array.of(1, 3),
      score: Float32Array.of(5, 1.5),
    };
    const data = {
      ...dataset(
        { content: texts },
        {
          train: { items: [0, 1, 2, 3, 4], relations: pairs([0, 2], [1, 3], [4, -1, 5, 0]) },
          dev: { items: [0, 1, 2, 3], relations: scored },
          test: { items: [4, 5], relations: { type: 'members', item: Int32Array.of(4, 5) } },
        },
      ),
      positiveThreshold: 4,
    };
    await writeRelations(folder, data);
    const read = await readRelations(folder, 6);
    expect(read?.positiveThreshold).toBe(4);
    for (const [name, { relations }] of data.splits)
      expect(read?.splits.get(name)?.relations).toEqual(relations);
    expect((await refusal(readRelations(folder, 5))).code).toBe('damaged-run');
  });

  test('are absent from a run of an earlier version', async () => {
    expect(await readRelations(await temporaryFolder(), 3)).toBeUndefined();
  });
});

describe('marks and batches', () => {
  const data = dataset(
    { content: ['q0', 'd0', 'q1', 'd1', 'q2', 'd2'] },
    {
      train: { items: [0, 1, 2, 3, 4, 5], relations: pairs([0, 2, 4], [1, 3, 5]) },
      dev: { items: [0, 1, 2, 3], relations: pairs([0, 2], [1, 3]) },
    },
  );
  const id = (item: number): string => itemId(data, item);
  const marked = (...list: [number, number, 'same' | 'different'][]) =>
    withMarks(data, {
      list: list.map(([first, second, mark]) => ({ first: id(first), second: id(second), mark })),
      unreadable: [],
    });
  const masks = (some: typeof data, split: 'train' | 'dev' = 'train') => {
    const rows = epochRows(some, split, 1, 0);
    return new FalseNegatives(some, split).masks(batchItems(rows, Int32Array.from(rows.anchor.keys())));
  };

  test('the same are never negatives of each other', () => {
    expect(masks(data)).toEqual({});
    // q0 and d1: in both directions, and in nobody else's row.
    const { forward, reverse } = masks(marked([3, 0, 'same']));
    expect([...(forward as Float32Array)]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect([...(reverse as Float32Array)]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0]);
  });

  test('an answer that is the same as the own one is none of the negatives', () => {
    const { forward } = masks(marked([1, 3, 'same']));
    expect([...(forward as Float32Array)]).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 0]);
  });

  test('rows of the different are left out of training', () => {
    const rows = epochRows(marked([2, 3, 'different'], [0, 5, 'different']), 'train', 1, 0);
    expect([[...rows.anchor], [...rows.positive]]).toEqual([
      [0, 4],
      [1, 5],
    ]);
    expect(epochRows(marked([2, 3, 'different']), 'dev', 1, 0)).toBe(data.splits.get('dev')?.relations);
  });

  test('dev is looked at as ever, so that runs compare', () => {
    expect(masks(marked([0, 3, 'same']), 'dev')).toEqual({});
  });

  test('without marks nothing changes', () => {
    expect(withMarks(data, { list: [], unreadable: [] })).toBe(data);
  });
});

describe('a run with marks', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'infonce-marks-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test('goes by them, says so, and goes on with the same', async () => {
    const folder = path.join(root, 'data');
    await mkdir(folder);
    await writeFile(path.join(folder, 'data.csv'), translations(200, 1));
    const data = await readDataset(folder, { seed: 1 });
    const settings = { epochs: 2, batchSize: 32, seed: 3, dimensions: 16, text: { vocabularySize: 300 } };
    const plain = await trainOn(data, settings);
    expect(plain.run.record.choices.find(({ setting }) => setting === marksSetting)).toBeUndefined();
    expect(fileOf(plain.run, 'marks.jsonl')).toBeUndefined();

    const train = data.splits.get('train')?.relations;
    if (train?.type !== 'pairs') throw new Error('these are no pairs');
    const id = (column: 'anchor' | 'positive', row: number): string =>
      itemId(data, train[column][row] as number);
    const file = marksFile(folder);
    await appendMark(file, { first: id('anchor', 0), second: id('positive', 1), mark: 'same' });
    await appendMark(file, { first: id('anchor', 2), second: id('positive', 2), mark: 'different' });
    await appendMark(file, { first: 'gone', second: id('positive', 2), mark: 'same' });
    await appendFile(file, 'nonsense\n');

    const whole = await trainOn(data, settings);
    expect(whole.run.record.dataset.fingerprint).toBe(plain.run.record.dataset.fingerprint);
    expect(modelBytes(whole.run)).not.toBe(modelBytes(plain.run));
    const choice = whole.run.record.choices.find(({ setting }) => setting === marksSetting);
    expect(choice?.value).toBe('1 same, 1 different');
    expect(choice?.because).toContain('1 name items that are not in the data');
    expect(choice?.because).toContain('line 4');

    const stop = new AbortController();
    const half = await trainOn(data, settings, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.event === 'step' && event.step === 3) stop.abort();
      },
    });
    expect(half.outcome.state).toBe('stopped');
    // What the user says meanwhile is for the next run.
    await appendMark(file, { first: id('anchor', 5), second: id('positive', 5), mark: 'different' });
    const resumed = await trainOn(data, settings, { resume: half.run });
    expect(modelBytes(resumed.run)).toBe(modelBytes(whole.run));
    expect(
      (await readFile(path.join(resumed.run.path, 'marks.jsonl'), 'utf8')).trim().split('\n'),
    ).toHaveLength(3);
  });
});
