import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CancellationTokenSource, type ResponseError } from 'vscode-jsonrpc';
import {
  type ExploreFacts,
  type ExploreRequests,
  exploreProtocol,
  type NeighbourRow,
  type Progress,
} from '../../src/protocol/explore';
import { connect } from '../../src/rpc/channel';
import { toChild } from '../../src/rpc/process';
import { type Conversation, typed } from '../../src/rpc/typed';
import { buildProgram, cli, jsonLines, run, sharedFolder, start, writePairs } from '../cli/support';
import { bars } from '../unit/train/support';

type Talk = Conversation<ExploreRequests, object, object, ExploreFacts>;

const trainer = path.join(path.dirname(cli), 'trainer.js');
const running: ChildProcess[] = [];

function explorer(): { child: ChildProcess; talk: Talk } {
  const child = fork(trainer, ['explore'], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  running.push(child);
  return { child, talk: typed(connect(toChild(child))) };
}

async function opened(runPath: string): Promise<Talk> {
  const { talk } = explorer();
  await talk.request('open', { protocol: exploreProtocol, run: runPath });
  return talk;
}

/** The error of a request that must be refused. */
async function refused(request: Promise<unknown>): Promise<ResponseError<{ code: string }>> {
  return await request.then(
    () => {
      throw new Error('it was answered');
    },
    (error: ResponseError<{ code: string }>) => error,
  );
}

let folder = '';
const runs = { pairs: '', labels: '', images: '' };

async function train(name: string, ...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(
    [
      'train',
      name,
      '--runs',
      'runs',
      '--epochs',
      '2',
      '--batch-size',
      '32',
      '--dimensions',
      '32',
      '--name',
      name,
      '--json',
      ...flags,
    ],
    folder,
  );
  if (code !== 0) throw new Error(stderr);
  return jsonLines(stdout)[0]?.['run'] as string;
}

beforeAll(async () => {
  buildProgram();
  folder = await sharedFolder();
  await writePairs(path.join(folder, 'pairs'));
  await mkdir(path.join(folder, 'labels'));
  const kinds = ['card', 'loan', 'rate'];
  const lines = Array.from(
    { length: 240 },
    (_, i) => `my ${kinds[i % 3]} number ${i} is ${['late', 'lost'][i % 2]},${kinds[i % 3]}`,
  );
  await writeFile(path.join(folder, 'labels/data.csv'), `text,label\n${lines.join('\n')}\n`);
  for (const [name, bytes] of Object.entries(await bars(20))) {
    await mkdir(path.dirname(path.join(folder, 'images', name)), { recursive: true });
    await writeFile(path.join(folder, 'images', name), bytes);
  }
  for (const name of ['pairs', 'labels', 'images'] as const) runs[name] = await train(name);
}, 300_000);

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

/** What the command line answers, in the form of the panel's rows. */
async function told(runPath: string, ...query: string[]): Promise<object[]> {
  const { code, stdout, stderr } = await run(['neighbours', runPath, ...query, '-k', '7', '--json'], folder);
  if (code !== 0) throw new Error(stderr);
  return jsonLines(stdout).map(({ rank, similarity, id, content, path, label, split, file, line }) => ({
    rank,
    similarity,
    id,
    content,
    path,
    label,
    split,
    file,
    line,
  }));
}

function rowsOf(rows: readonly NeighbourRow[]): object[] {
  return rows.map(({ rank, similarity, id, content, path, label, split, file, line }) => ({
    rank,
    similarity: Number(similarity.toFixed(6)),
    id,
    content,
    path,
    label,
    split,
    file,
    line,
  }));
}

describe('the same rows as the command line', () => {
  test('for a text, among the documents of pairs', async () => {
    const text = 'who made the boat number 3 for the potter';
    const talk = await opened(runs.pairs);
    const { rows, source, note } = await talk.request('neighbours', { query: { text }, k: 7, at: 'final' });
    expect(rowsOf(rows)).toEqual(await told(runs.pairs, '--text', text));
    expect(rows).toHaveLength(7);
    expect(source).toBe('the trained model (all 600 items)');
    expect(note).toBeUndefined();
  });

  test('for an item, by its labels', async () => {
    const talk = await opened(runs.labels);
    const { items } = await talk.request('find', { text: 'loan number 7 ', limit: 5 });
    const [item] = items;
    const { rows, query } = await talk.request('neighbours', {
      query: { row: item?.row ?? -1 },
      k: 7,
      at: 'final',
    });
    expect(query).toEqual(item);
    expect(rowsOf(rows)).toEqual(await told(runs.labels, '--item', item?.id ?? ''));
    expect(rows.every(({ label }) => label !== undefined)).toBe(true);
  });

  test('for an image', async () => {
    const image = path.join(folder, 'images/lying/3.png');
    const talk = await opened(runs.images);
    const { rows } = await talk.request('neighbours', { query: { image }, k: 7, at: 'final' });
    expect(rowsOf(rows)).toEqual(await told(runs.images, '--image', image));
    // The picture is one of the items.
    expect([rows[0]?.path, rows[0]?.similarity]).toEqual(['lying/3.png', expect.closeTo(1, 5)]);
  });
});

describe('a run that is not completed', () => {
  test('answers texts by its newest checkpoint, among the items kept', async () => {
    const running = start(
      [
        'train',
        'pairs',
        '--runs',
        'runs',
        '--epochs',
        '500',
        '--batch-size',
        '32',
        '--name',
        'half',
        '--json',
      ],
      folder,
    );
    await running.until(/"step":12,/);
    running.child.kill('SIGINT');
    const { stdout } = await running.done;
    const half = jsonLines(stdout)[0]?.['run'] as string;
    const talk = await opened(half);
    const overview = await talk.request('open', { protocol: exploreProtocol, run: half });
    expect([overview.kind, overview.items, overview.final]).toEqual(['text', 600, false]);
    expect(overview.snapshots[0]).toBe(0);
    const text = 'who made the boat number 3 for the potter';
    const { rows, source, searched, of, note } = await talk.request('neighbours', {
      query: { text },
      k: 3,
      at: 0,
    });
    expect(rows).toHaveLength(3);
    expect(source).toMatch(/^step \d+ \(\d+ of 600 items kept\)$/);
    expect(searched).toBeLessThan(of);
    expect(note).toContain('not by step 0');
    const nothing = await refused(talk.request('neighbours', { query: { row: 0 }, k: 3, at: 'final' }));
    expect(nothing.data?.code).toBe('no-embeddings');
  });
});

describe('pairs and maps', () => {
  test('pairs come with both sides, and marks go into the file beside the data', async () => {
    const talk = await opened(runs.labels);
    const { rows, positivesMedian } = await talk.request('pairs', {
      kind: 'hardest-negatives',
      at: 'final',
      limit: 5,
    });
    expect(rows).toHaveLength(5);
    expect(positivesMedian).toBeGreaterThan(-1);
    for (const { first, second } of rows) expect(first.label).not.toBe(second.label);
    const [pair] = rows;
    const { file } = await talk.request('mark', {
      first: pair?.first.row ?? -1,
      second: pair?.second.row ?? -1,
      mark: 'same',
    });
    expect(file).toBe(path.join(folder, '.infonce/marks/labels.jsonl'));
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      first: pair?.first.id,
      second: pair?.second.id,
      mark: 'same',
    });
    const at =
      (await talk.request('open', { protocol: exploreProtocol, run: runs.labels })).snapshots[0] ?? -1;
    expect((await talk.request('pairs', { kind: 'hardest-positives', at, limit: 5 })).source).toContain(
      `step ${at} `,
    );
  });

  test('reading the items and the first search tell how far they are; what is remembered tells nothing', async () => {
    const { talk } = explorer();
    const told: Progress[] = [];
    talk.hear('progress', (progress) => told.push(progress));
    await talk.request('open', { protocol: exploreProtocol, run: runs.pairs });
    const query = { kind: 'hardest-negatives', at: 'final', limit: 5 } as const;
    await talk.request('pairs', query);
    expect(new Set(told.map(({ what }) => what))).toEqual(new Set(['items', 'pairs']));
    for (const { done, total } of told) {
      expect(total).toBeGreaterThan(0);
      expect(done).toBeGreaterThanOrEqual(0);
      expect(done).toBeLessThanOrEqual(total);
    }
    const searching = told.filter(({ what }) => what === 'pairs').map(({ done }) => done);
    expect(searching).toEqual([...searching].sort((a, b) => a - b));
    told.length = 0;
    await talk.request('pairs', query);
    expect(told).toEqual([]);
  });

  test('labels go by their places, the most frequent first, and are found by their words', async () => {
    const talk = await opened(runs.images);
    const { labels, labelsOf } = await talk.request('open', { protocol: exploreProtocol, run: runs.images });
    expect([labels.length, labelsOf]).toEqual([3, 3]);
    const place = labels.indexOf('standing');
    expect(await talk.request('labels', { text: 'STAND', limit: 5 })).toEqual({
      labels: [{ place, name: 'standing', items: 20 }],
      found: 1,
    });
    expect((await talk.request('labels', { text: '', limit: 2 })).found).toBe(3);
    const asked = { query: { row: 0 }, k: 5, at: 'final' } as const;
    const byPlace = await talk.request('neighbours', { ...asked, label: place });
    expect(byPlace.rows.every(({ label }) => label === 'standing')).toBe(true);
    expect(byPlace.rows).toEqual((await talk.request('neighbours', { ...asked, label: 'standing' })).rows);
    const unknown = await refused(talk.request('neighbours', { ...asked, label: 3 }));
    expect([unknown.data?.code, unknown.message]).toEqual([
      'no-such-label',
      expect.stringContaining('3 labels'),
    ]);
  });

  test('points cross as typed arrays', async () => {
    const talk = await opened(runs.images);
    const { map, points, varianceKept, labels } = await talk.request('map', { at: 'final', method: 'pca' });
    const { xy, row, label } = await talk.request('mapPoints', { map, from: 0 });
    expect([points, xy.length, row.length]).toEqual([60, 120, 60]);
    expect([xy.constructor.name, row.constructor.name, label.constructor.name]).toEqual([
      'Float32Array',
      'Int32Array',
      'Uint16Array',
    ]);
    expect(varianceKept).toBeGreaterThan(0);
    expect(new Set([...label].map((code) => labels[code]))).toEqual(
      new Set(['lying', 'standing', 'slanting']),
    );
  });

  test('UMAP tells how far it is; look-ups are answered meanwhile; it can be taken back', async () => {
    const talk = await opened(runs.pairs);
    const told: number[] = [];
    talk.hear('progress', ({ what, done, total }) => {
      if (what === 'map') told.push(done / total);
    });
    const layout = talk
      .request('map', { at: 'final', method: 'umap' })
      .then((map) => ({ map, at: performance.now() }));
    const look = async () => await talk.request('neighbours', { query: { row: 0 }, k: 1, at: 'final' });
    await look();
    const answered = performance.now();
    const { map, at } = await layout;
    expect(answered).toBeLessThan(at);
    expect(map).toMatchObject({ points: 600, of: 600 });
    expect(told.at(-1)).toBe(1);
    const cancel = new CancellationTokenSource();
    const again = refused(talk.request('map', { at: 'final', method: 'umap' }, cancel.token));
    await look();
    cancel.cancel();
    expect((await again).message).toContain('taken back');
    // The earlier map is still there.
    expect((await talk.request('mapPoints', { map: map.map, from: 0 })).row).toHaveLength(600);
  });
});

describe('what goes wrong', () => {
  test('is a sentence with its code', async () => {
    const { talk } = explorer();
    expect((await refused(talk.request('items', { rows: [0] }))).data?.code).toBe('no-run');
    const missing = path.join(folder, 'nothing');
    expect(
      (await refused(talk.request('open', { protocol: exploreProtocol, run: missing }))).data?.code,
    ).toBe('no-run');
    expect((await refused(talk.request('open', { protocol: 99, run: runs.pairs }))).message).toContain(
      'version 99',
    );
    await talk.request('open', { protocol: exploreProtocol, run: runs.images });
    const kind = await refused(talk.request('neighbours', { query: { text: 'a' }, k: 1, at: 'final' }));
    expect([kind.data?.code, kind.message]).toEqual(['other-kind', expect.stringContaining('an image')]);
    const image = path.join(folder, 'pairs/data.csv');
    const unreadable = await refused(talk.request('neighbours', { query: { image }, k: 1, at: 'final' }));
    expect(unreadable.data?.code).toBe('unreadable-image');
    expect((await refused(talk.request('items', { rows: [99_999] }))).data?.code).toBe('no-such-item');
  });

  test('the process ends when the one that forked it goes', async () => {
    const { child, talk } = explorer();
    await talk.request('open', { protocol: exploreProtocol, run: runs.pairs });
    const gone = once(child, 'exit');
    child.disconnect();
    expect((await gone)[0]).toBe(0);
  });
});
