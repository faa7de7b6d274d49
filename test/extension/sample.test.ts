import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readDataset } from '../../src/engine/data/read';
import { writeSample } from '../../src/extension/sample/write';
import { temporaryFolder } from '../cli/support';

test('the sample holds two datasets that can be trained on without a complaint', async () => {
  const folder = path.join(await temporaryFolder(), 'sample');
  await writeSample(folder);
  const pairs = await readDataset(path.join(folder, 'translations'), { seed: 0 });
  expect(pairs.layout).toBe('pairs');
  expect([...pairs.splits.keys()].sort()).toEqual(['dev', 'test', 'train']);
  const images = await readDataset(path.join(folder, 'shapes'), { seed: 0 });
  expect(images.layout).toBe('labelled-images');
  expect([...images.labels].sort()).toEqual(['circle', 'cross', 'ring', 'square', 'star', 'triangle']);
  for (const { problems } of [pairs, images]) {
    expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
  }
});

test('it is the same each time, and no sentence is in it twice', async () => {
  const folder = await temporaryFolder();
  await writeSample(path.join(folder, 'a'));
  await writeSample(path.join(folder, 'b'));
  const files = (await readdir(path.join(folder, 'a'), { recursive: true })).filter((name) =>
    /\.(csv|png)$/.test(name),
  );
  expect(files).toHaveLength(3 + 480);
  const sentences: string[] = [];
  for (const name of files) {
    const [a, b] = await Promise.all(['a', 'b'].map((copy) => readFile(path.join(folder, copy, name))));
    if (a?.equals(b as Buffer) !== true) throw new Error(`${name} differs`);
    if (name.endsWith('.csv')) sentences.push(...String(a).trim().split('\n').slice(1));
  }
  expect(new Set(sentences).size).toBe(1200);
});

test('a drawing is a grey PNG that others can read', async () => {
  const folder = path.join(await temporaryFolder(), 'sample');
  await writeSample(folder);
  const [name] = await readdir(path.join(folder, 'shapes/train/star'));
  const image = sharp(path.join(folder, 'shapes/train/star', name as string));
  expect(await image.metadata()).toMatchObject({ format: 'png', width: 28, height: 28, channels: 1 });
  const { channels } = await image.stats();
  expect(channels[0]?.max).toBeGreaterThan((channels[0]?.min ?? 0) + 80);
});
