import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findDatasets } from '../../src/extension/commands/find-datasets';
import { temporaryFolder } from '../cli/support';

async function workspaceOf(files: readonly string[]): Promise<string> {
  const root = await temporaryFolder();
  for (const file of files) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), '');
  }
  return root;
}

test('datasets are found by the names of what is in them', async () => {
  const root = await workspaceOf([
    'src/main.ts',
    'src/settings.json',
    'node_modules/package/data.csv',
    'texts/train.csv',
    'texts/dev.csv',
    'nested/questions/train/part-1.parquet',
    'nested/questions/test/part-1.parquet',
    'photos/train/cat/1.png',
    'photos/train/dog/1.png',
    'photos/test/cat/2.png',
    'README.md',
  ]);
  const found = (await findDatasets(root)).map((folder) => path.relative(root, folder));
  expect(found.sort()).toEqual([path.join('nested', 'questions'), 'photos', 'texts']);
});

test('a workspace may be a dataset itself', async () => {
  const root = await workspaceOf(['train.csv', 'test.csv']);
  expect(await findDatasets(root)).toEqual([root]);
  const images = await workspaceOf(['a/1.png', 'b/1.png']);
  expect(await findDatasets(images)).toEqual([images]);
});
