import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/engine/data/read';
import { classFolders, folderOf, noise, png, problem, readFiles } from './fixtures';

const grey = async (i: number): Promise<Buffer> =>
  sharp(Buffer.from(Array.from({ length: 400 }, (_, p) => (p * (i + 1)) % 256)), {
    raw: { width: 20, height: 20, channels: 1 },
  })
    .toColourspace('b-w')
    .png()
    .toBuffer();

describe('image folders', () => {
  it('takes folders as classes, any case and format, nested, mixed sizes', async () => {
    const files = await classFolders(['train/cat', 'train/dog/big', 'test/cat', 'test/dog/big'], 8);
    files['train/cat/x.JPEG'] = await noise(77, 30, 'jpeg');
    files['train/dog/big/y.WebP'] = await noise(78, 12, 'webp');
    files['train/.hidden/z.png'] = await noise(79);
    const dataset = await readFiles({ ...files, 'README.md': 'about', 'LICENSE.txt': 'free' });
    expect(dataset.layout).toBe('labelled-images');
    expect([...dataset.labels].sort()).toEqual(['cat', 'dog/big']);
    expect(dataset.items.pixels).toMatchObject({ size: 20, channels: 3 });
    expect(dataset.items.pixels?.data.length).toBe(dataset.items.count * 20 * 20 * 3);
    expect(dataset.splits.get('test')?.items.length).toBe(16);
    expect(
      (dataset.splits.get('train')?.items.length ?? 0) + (dataset.splits.get('dev')?.items.length ?? 0),
    ).toBe(18);
    expect(dataset.items.content).toContain('train/cat/x.JPEG');
    expect(dataset.problems.filter((found) => found.severity !== 'info')).toEqual([]);
  });

  it('decodes a PNG to its own pixels where no resizing is needed', async () => {
    const files = await classFolders(['a', 'b'], 6);
    const dataset = await readFiles(files);
    const raw = await sharp(files['b/3.png']).raw().toBuffer();
    const item = dataset.items.content.indexOf('b/3.png');
    expect(
      Buffer.from(dataset.items.pixels?.data.subarray(item * 1200, (item + 1) * 1200) ?? []).equals(raw),
    ).toBe(true);
  });

  it('keeps one channel where all are grey, turns by EXIF and lays alpha on white', async () => {
    const files = Object.fromEntries(
      await Promise.all(Array.from({ length: 12 }, async (_, i) => [`${i % 2}/${i}.png`, await grey(i)])),
    );
    expect((await readFiles(files)).items.pixels).toMatchObject({ size: 20, channels: 1 });
    const half = Buffer.alloc(20 * 20 * 3).fill(200, 0, 20 * 10 * 3);
    const turned = await sharp(half, { raw: { width: 20, height: 20, channels: 3 } })
      .withMetadata({ orientation: 3 })
      .jpeg({ quality: 100 })
      .toBuffer();
    const clear = await sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const { items } = await readFiles({ ...files, '0/turned.jpg': turned, '1/clear.png': clear });
    const first = (name: string): number => items.pixels?.data[items.content.indexOf(name) * 1200] as number;
    expect(first('0/turned.jpg')).toBeLessThan(20);
    expect(first('1/clear.png')).toBe(255);
  });

  it('falls back to views where there is one class, and takes size and channels from the config', async () => {
    const root = folderOf(await classFolders(['only'], 12));
    const dataset = await readDataset(root, { seed: 1, config: { image: { size: 32, channels: 1 } } });
    expect(dataset.layout).toBe('images');
    expect(problem(dataset, 'self-views')?.message).toContain('views of itself');
    expect(dataset.items.pixels).toMatchObject({ size: 32, channels: 1 });
  });

  it('reads a table of paths and labels', async () => {
    const files = await classFolders(['pics'], 20);
    const rows = Array.from(
      { length: 20 },
      (_, i) => `pics/${i}.png,class ${i % 2},${i < 14 ? 'train' : 'test'}`,
    );
    const dataset = await readFiles({
      ...files,
      'list.csv': `file,label,split\n${rows.join('\n')}\npics/none.png,class 1,train\n`,
    });
    expect(dataset.layout).toBe('labelled-images');
    expect(dataset.labels).toEqual(['class 0', 'class 1']);
    expect(dataset.splits.get('test')?.items.length).toBe(6);
    expect(dataset.items.line[dataset.items.content.indexOf('pics/3.png')]).toBe(5);
    expect(problem(dataset, 'missing-image')).toMatchObject({ file: 'list.csv', line: 22, count: 1 });
  });

  it('finds equal pictures', async () => {
    const files = await classFolders(['a', 'b'], 8);
    const dataset = await readFiles({ ...files, 'a/same.png': files['a/1.png'] as Buffer });
    expect(problem(dataset, 'duplicates')).toMatchObject({ count: 1 });
    expect(
      (await readFiles({ ...files, 'b/plain.png': await png(20, 20, { r: 1, g: 2, b: 3 }) })).problems.some(
        (p) => p.code === 'duplicates',
      ),
    ).toBe(false);
  });
});
