import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inspectFolder } from '../../src/engine/data/inspect';
import { readDataset } from '../../src/engine/data/read';
import { UserError } from '../../src/protocol/errors';
import { fatal } from './bad-input-cases';
import { classFolders, csv, folderOf, noise, pairsCsv, problem, readFiles } from './data/fixtures';

const settings = (): { batchSize: number } => ({ batchSize: 32 });

async function failure(root: string): Promise<UserError> {
  const error: unknown = await readDataset(root, { seed: 1 }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`expected a UserError, got ${String(error)}`);
  expect(error.message).not.toContain('\n');
  expect(error.message).toContain(error.file ?? '');
  expect(error.message).toContain((error.line ?? 1) > 1 ? `line ${error.line}` : '');
  const report = await inspectFolder(root, { seed: 1, settings });
  expect(report).toMatchObject({
    ready: false,
    problems: [{ severity: 'error', code: error.code, message: error.message }],
  });
  return error;
}

describe('input that cannot be used: one line, with file and line, no stack', () => {
  it.each(fatal)('%s', async (_what, files, expected, says) => {
    const error = await failure(folderOf(files));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(says);
  });

  it('a config that is wrong', async () => {
    const root = folderOf({ 'a.csv': pairsCsv, 'infonce.json': '{\n"columns": {,}\n}' });
    const report = await inspectFolder(root, { seed: 1, settings });
    expect(report.problems[0]).toMatchObject({ code: 'bad-config', file: 'infonce.json', line: 2 });
    writeFileSync(path.join(root, 'infonce.json'), '{"columns": {"anchr": "a"}, "layout": "piles"}');
    const [found] = (await inspectFolder(root, { seed: 1, settings })).problems;
    expect(found?.message).toContain('"layout"');
    expect(found?.message).toContain('anchr');
    writeFileSync(
      path.join(root, 'infonce.json'),
      '{"columns": {"anchor": "positive", "positive": "positive"}}',
    );
    expect((await inspectFolder(root, { seed: 1, settings })).problems[0]?.message).toContain('two roles');
    writeFileSync(path.join(root, 'infonce.json'), '{"columns": {"anchor": "nope", "positive": "positive"}}');
    expect((await inspectFolder(root, { seed: 1, settings })).problems[0]?.message).toContain('"nope"');
  });

  it('a folder that is not there', async () => {
    expect((await failure(path.join(folderOf({}), 'nowhere'))).code).toBe('no-such-folder');
  });

  it.each(['anchor,positive\n', 'anchor,positive\na 1,p 1\na 2,p 2\n', ''])(
    'a 1 GB line after %j',
    async (start) => {
      const root = folderOf({ 'a.csv': start + 'x'.repeat(2 ** 21) });
      // A file with a hole: the rest of the gigabyte takes no room on the disk.
      truncateSync(path.join(root, 'a.csv'), 2 ** 30);
      const before = process.memoryUsage().rss;
      const error = await failure(root);
      expect(['record-too-long', 'binary-file']).toContain(error.code);
      expect(error.file).toBe('a.csv');
      expect(process.memoryUsage().rss - before).toBeLessThan(700 * 2 ** 20);
    },
  );

  it('a 1 GB line of JSON', async () => {
    const root = folderOf({ 'a.jsonl': `{"anchor":"a","positive":"p"}\n{"anchor":"${'x'.repeat(2 ** 21)}` });
    truncateSync(path.join(root, 'a.jsonl'), 2 ** 30);
    expect(await failure(root)).toMatchObject({ code: 'record-too-long', file: 'a.jsonl', line: 2 });
  });
});

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  const check = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG of 60000 x 60000 pixels, one grey for all, that is a few KB as a file. */
function giantPng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(60_000, 0);
  header.writeUInt32BE(60_000, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const pixels = deflateSync(Buffer.alloc(500_000));
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('input that is skipped, counted and told', () => {
  it('truncated, empty, giant and false images', async () => {
    const jpeg = await noise(9, 40, 'jpeg');
    const dataset = await readFiles({
      ...(await classFolders(['cat', 'dog'], 10)),
      'cat/cut.jpg': jpeg.subarray(0, jpeg.length >> 1),
      'cat/empty.png': '',
      'dog/giant.png': giantPng(),
      'dog/text.png': 'not a picture at all',
      'dog/page.png': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    });
    expect(dataset.items.count).toBe(20);
    const told = dataset.problems.filter((p) => p.severity === 'warning').map((p) => [p.code, p.file]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['unreadable-image', 'cat/cut.jpg'],
        ['empty-file', 'cat/empty.png'],
        ['unreadable-image', 'dog/giant.png'],
        ['unreadable-image', 'dog/page.png'],
      ]),
    );
    for (const found of dataset.problems) expect(found.message).toContain(found.file ?? '');
    const giant = dataset.problems.find((p) => p.file === 'dog/giant.png');
    expect(giant?.message).toContain('60000 x 60000 pixels, more than 100 million');
    const cut = dataset.problems.find((p) => p.file === 'cat/cut.jpg');
    expect(cut?.message.length).toBeLessThan(150);
    const unknown = dataset.problems.find((p) => p.file === 'dog/page.png');
    expect(unknown).toMatchObject({ count: 2 });
    expect(unknown?.message).toContain('dog/page.png, dog/text.png');
  });

  it('a file whose name is not UTF-8', async () => {
    const root = folderOf({ 'a.csv': pairsCsv });
    writeFileSync(
      Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.csv')]),
      pairsCsv,
    );
    const dataset = await readDataset(root, { seed: 1 });
    expect(dataset.files).toEqual(['a.csv']);
    expect(problem(dataset, 'unreadable-name')).toMatchObject({ severity: 'warning' });
  });

  it('what only training needs, where nothing is trained', async () => {
    for (const text of [
      'anchor,positive\na 1,p 1\n',
      csv('text,label', 20, (i) => `sentence number ${i},same`),
      csv('anchor,positive', 20, () => 'the same words,and an answer'),
      csv('user,item', 20, (i) => `u1,i${i}`),
    ]) {
      const dataset = await readDataset(folderOf({ 'a.csv': text }), { seed: 1, purpose: 'use' });
      expect([...dataset.splits.keys()]).toEqual(['train']);
    }
  });

  it('many empty files are one line', async () => {
    const empty = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`dog/x${i}.png`, '']));
    const dataset = await readFiles({ ...(await classFolders(['cat', 'dog'], 8)), ...empty });
    const found = dataset.problems.filter(({ code }) => code === 'empty-file');
    expect(found).toMatchObject([{ file: 'dog/x0.png', count: 12 }]);
    expect(found[0]?.message).toContain('and 7 more');
  });

  it('a file with a header alone beside others', async () => {
    const dataset = await readFiles({ 'train.csv': pairsCsv, 'test.csv': 'anchor,positive\n' });
    expect(problem(dataset, 'no-rows')).toMatchObject({ severity: 'warning', file: 'test.csv' });
  });

  it('runs that lie among the data', async () => {
    const dataset = await readFiles({
      'a.csv': pairsCsv,
      'runs/1/run.json': '{"formatVersion": 1}',
      'runs/1/metrics.jsonl': '{"step": 1}\n',
      'runs/1/items.jsonl': '{"id": "a"}\n',
    });
    expect(dataset.files).toEqual(['a.csv']);
    expect(problem(dataset, 'run-folder')).toMatchObject({ file: 'runs/1', count: 1 });
    expect(dataset.problems.some(({ code }) => code === 'left-out-file')).toBe(false);
  });

  it('keeps the labels 007 and 7 apart', async () => {
    const dataset = await readFiles({
      'a.csv': csv('text,label', 40, (i) => `sentence number ${i},${i % 2 === 0 ? '007' : '7'}`),
    });
    expect(dataset.labels).toEqual(['007', '7']);
    const folders = await readFiles(await classFolders(['007', '7'], 8));
    expect([...folders.labels].sort()).toEqual(['007', '7']);
  });

  it('reads columns named __proto__ and constructor', async () => {
    const vectors = await readFiles({
      'a.csv': csv('__proto__,constructor,label', 40, (i) => `${i * 1.5},${Math.sin(i)},c${i % 2}`),
    });
    expect(vectors.columns).toEqual({ vector: ['__proto__', 'constructor'], label: 'label' });
    const rows = Array.from(
      { length: 30 },
      (_, i) =>
        `{"__proto__": "some long text number ${i}", "constructor": "${i % 2 === 0 ? 'even' : 'odd'}"}`,
    );
    const texts = await readFiles({ 'a.jsonl': rows.join('\n') });
    expect(texts.columns).toEqual({ text: '__proto__', label: 'constructor' });
    expect(texts.items.content[3]).toBe('some long text number 3');
    expect(({} as Record<string, unknown>)['0']).toBeUndefined();
  });

  it('symlink loops, links out of the folder, pipes', async () => {
    const outside = folderOf({ 'secret.csv': pairsCsv });
    const root = folderOf({ 'sub/a.csv': pairsCsv });
    symlinkSync(root, path.join(root, 'sub/loop'));
    symlinkSync('itself', path.join(root, 'itself'));
    symlinkSync(outside, path.join(root, 'out'));
    symlinkSync(path.join(outside, 'secret.csv'), path.join(root, 'secret.csv'));
    execFileSync('mkfifo', [path.join(root, 'pipe.csv')]);
    const dataset = await readDataset(root, { seed: 1 });
    expect(dataset.files).toEqual(['sub/a.csv']);
    const told = dataset.problems.map((p) => [p.code, p.file]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['link-loop', 'sub/loop'],
        ['broken-link', 'itself'],
        ['link-outside', 'out'],
        ['link-outside', 'secret.csv'],
        ['not-a-file', 'pipe.csv'],
      ]),
    );
  });

  it('image paths that climb out of the folder', async () => {
    const outside = folderOf({ 'x.png': await noise(1) });
    const root = folderOf(await classFolders(['pics'], 16));
    mkdirSync(path.join(root, 'lists'));
    symlinkSync(path.join(outside, 'x.png'), path.join(root, 'pics/link.png'));
    const good = Array.from({ length: 16 }, (_, i) => `../pics/${i}.png,c${i % 2}`);
    const bad = [`../../${path.basename(outside)}/x.png,c0`, `${outside}/x.png,c1`, '../pics/link.png,c1'];
    writeFileSync(path.join(root, 'lists/all.csv'), ['image,label', ...good, ...bad, ''].join('\n'));
    const dataset = await readDataset(root, { seed: 1 });
    expect(dataset.items.count).toBe(16);
    expect(problem(dataset, 'path-outside')).toMatchObject({
      severity: 'warning',
      file: 'lists/all.csv',
      line: 18,
      count: 3,
    });
  });

  it('one class of vectors falls back to views', async () => {
    const dataset = await readFiles({
      'a.csv': csv('x,y,label', 40, (i) => `${i * 1.5},${Math.sin(i)},same`),
    });
    expect(dataset.layout).toBe('vectors');
    expect(dataset.labels).toEqual([]);
    expect(problem(dataset, 'one-class')?.message).toContain('"same"');
  });

  it('cells that are no numbers', async () => {
    const cells = new Map([
      [3, ''],
      [7, 'NaN'],
      [9, '1e999'],
    ]);
    const dataset = await readFiles({
      'a.csv': csv('x,y,label', 60, (i) => `${cells.get(i) ?? i * 1.5},${Math.sin(i)},c${i % 2}`),
    });
    expect(dataset.items.count).toBe(57);
    const found = problem(dataset, 'not-a-number');
    expect(found).toMatchObject({ file: 'a.csv', line: 5, count: 3 });
    expect(found?.message).toContain('column "x"');
  });

  it('stops when asked to', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(readDataset(folderOf({ 'a.csv': pairsCsv }), { seed: 1, signal })).rejects.toThrow(
      'stopped',
    );
  });
});
