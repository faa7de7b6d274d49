import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'npyjs';
import { beforeAll, expect, test } from 'vitest';
import { RunFolder } from '../../src/engine/run/folder';
import { exportEmbeddings } from '../../src/extension/export/embeddings';
import { exportModel } from '../../src/extension/export/model';
import { buildProgram, run, sharedFolder, temporaryFolder, writePairs } from '../cli/support';

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

test('an exported model is the saved one, with a page on loading it', async () => {
  const target = await temporaryFolder();
  const names = await exportModel(trained, target);
  expect((await readdir(target)).sort()).toEqual([...names].sort());
  for (const name of ['model.safetensors', 'model.json', 'tokenizer.json']) {
    expect(await readFile(path.join(target, name))).toEqual(await readFile(path.join(trained, name)));
  }
  const page = await readFile(path.join(target, 'README.md'), 'utf8');
  expect(page).toContain('# a | name');
  expect(page).toContain('with 8 dimensions');
});

test('exported embeddings are those of the run, in both forms and in one order', async () => {
  const target = await temporaryFolder();
  await exportEmbeddings(trained, target, ['numpy', 'projector']);
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
  await expect(exportModel(empty, await temporaryFolder())).rejects.toMatchObject({ code: 'no-run' });
});
