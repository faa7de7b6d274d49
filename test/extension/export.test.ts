import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'npyjs';
import { beforeAll, expect, test } from 'vitest';
import { RunFolder } from '../../src/engine/run/folder';
import { exportEmbeddings } from '../../src/extension/export/embeddings';
import { exportModel } from '../../src/extension/export/model';
import type { Target } from '../../src/extension/export/write-folder';
import { buildProgram, run, sharedFolder, temporaryFolder, writePairs } from '../cli/support';
import { refusal } from '../unit/run/support';
import { makeRun } from './export-support';

let trained: string;
beforeAll(async () => {
  buildProgram();
  const folder = await sharedFolder();
  await writePairs(path.join(folder, 'pairs'), 60);
  const options = ['--epochs', '1', '--dimensions', '8', '--name', 'a | name', '--runs', 'runs'];
  const { code, stderr } = await run(['train', 'pairs', ...options], folder);
  if (code !== 0) throw new Error(stderr);
  const [name] = await readdir(path.join(folder, 'runs'));
  trained = path.join(folder, 'runs', name as string);
}, 120_000);

async function freeTarget(): Promise<Target> {
  return { folder: path.join(await temporaryFolder(), 'exported'), replace: false };
}

/** The folder that holds a target is as it was. */
async function expectNothing({ folder }: Target): Promise<void> {
  expect(await readdir(path.dirname(folder))).toEqual([]);
}

test('an exported model is the saved one, with a page on loading it', async () => {
  const to = await freeTarget();
  const target = to.folder;
  const names = await exportModel(trained, to);
  expect((await readdir(target)).sort()).toEqual([...names].sort());
  for (const name of ['model.safetensors', 'model.json', 'tokenizer.json']) {
    expect(await readFile(path.join(target, name))).toEqual(await readFile(path.join(trained, name)));
  }
  const page = await readFile(path.join(target, 'README.md'), 'utf8');
  expect(page).toContain('# a | name');
  expect(page).toContain('with 8 dimensions');
});

test('exported embeddings are those of the run, in both forms and in one order', async () => {
  const to = await freeTarget();
  const target = to.folder;
  await exportEmbeddings(trained, to, ['numpy', 'projector']);
  const { tensors } = await (await RunFolder.open(trained)).readEmbeddings();
  const wanted = tensors[0]?.data as Float32Array;
  const { data, shape } = parse(new Uint8Array(await readFile(path.join(target, 'embeddings.npy'))).buffer);
  expect(shape).toEqual([wanted.length / 8, 8]);
  expect(data).toEqual(wanted);
  const vectors = (await readFile(path.join(target, 'vectors.tsv'), 'utf8')).trim().split('\n');
  expect(Float32Array.from(vectors.flatMap((line) => line.split('\t').map(Number)))).toEqual(wanted);
  const metadata = (await readFile(path.join(target, 'metadata.tsv'), 'utf8')).trim().split('\n');
  const items = (await readFile(path.join(target, 'items.jsonl'), 'utf8')).trim().split('\n');
  expect(metadata).toHaveLength(items.length + 1);
  expect(metadata[3]?.split('\t')[0]).toBe(JSON.parse(items[2] as string).content);
});

test('a folder that is no run is refused with a sentence', async () => {
  const empty = path.join(await temporaryFolder(), 'run');
  await mkdir(empty);
  await expect(exportModel(empty, await freeTarget())).rejects.toMatchObject({ code: 'no-run' });
});

test('what a spreadsheet would run, or take for another row, stays in its cell as text', async () => {
  const runs = await temporaryFolder();
  const to = await freeTarget();
  await exportEmbeddings(await makeRun(runs, 30, 2), to, ['projector']);
  const metadata = (await readFile(path.join(to.folder, 'metadata.tsv'), 'utf8')).trimEnd();
  const rows = metadata.split(/[\n\r\u2028]/).map((line) => line.split('\t'));
  expect(rows).toHaveLength(31);
  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([4]));
  expect(rows[11]).toEqual([
    '\'=HYPERLINK("http://example.org") with a tab and a second line',
    '-1',
    'train',
    'item-10',
  ]);
});

test('items that are fewer than the embeddings are told, and no metadata is written', async () => {
  const folder = await makeRun(await temporaryFolder(), 30, 2, 29);
  const to = await freeTarget();
  const { code, message, file } = await refusal(exportEmbeddings(folder, to, ['projector']));
  expect({ code, file }).toEqual({ code: 'damaged-run', file: path.join(folder, 'items.jsonl') });
  expect(message).toContain('has 29 items where the run has 30 embeddings');
  await expectNothing(to);
});

test('a model with a changed weight is not exported', async () => {
  const copy = path.join(await temporaryFolder(), 'run');
  await mkdir(copy);
  for (const name of ['run.json', 'model.json', 'tokenizer.json', 'model.safetensors'])
    await copyFile(path.join(trained, name), path.join(copy, name));
  const weights = await readFile(path.join(copy, 'model.safetensors'));
  weights.writeUInt8((weights.at(-1) as number) ^ 1, weights.length - 1);
  await writeFile(path.join(copy, 'model.safetensors'), weights);
  const to = await freeTarget();
  const { code, message } = await refusal(exportModel(copy, to));
  expect(code).toBe('damaged-tensors');
  expect(message).toContain('its checksum does not match its content');
  await expectNothing(to);
});

test('a run without embeddings, and a file of other tensors, are told apart', async () => {
  const runs = await temporaryFolder();
  const to = await freeTarget();
  const folder = await makeRun(runs, 30, 2);
  const file = path.join(folder, 'embeddings.safetensors');
  await copyFile(path.join(trained, 'model.safetensors'), file);
  expect((await refusal(exportEmbeddings(folder, to, ['numpy']))).message).toContain(
    'it holds no float32 matrix "embeddings"',
  );
  await rm(file);
  expect((await refusal(exportEmbeddings(folder, to, ['numpy']))).code).toBe('no-embeddings');
  await expectNothing(to);
});

test('what is there is replaced only where that was said, also when it is a file', async () => {
  const to = await freeTarget();
  await writeFile(to.folder, 'mine');
  expect((await refusal(exportModel(trained, to))).code).toBe('target-taken');
  expect(await readFile(to.folder, 'utf8')).toBe('mine');
  await rm(to.folder);
  await mkdir(to.folder);
  await writeFile(path.join(to.folder, 'notes.txt'), 'mine');
  expect((await refusal(exportModel(trained, to))).code).toBe('target-taken');
  expect(await readdir(to.folder)).toEqual(['notes.txt']);
  const names = await exportModel(trained, { ...to, replace: true });
  expect((await readdir(to.folder)).sort()).toEqual([...names].sort());
  expect(await readdir(path.dirname(to.folder))).toEqual(['exported']);
});

test('a place where no folder can be made is told by its name', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const to = { folder: path.join(file, 'exported'), replace: false };
  const { code, message } = await refusal(exportModel(trained, to));
  expect(code).toBe('not-a-folder');
  expect(message).toContain(`${to.folder}: `);
});
