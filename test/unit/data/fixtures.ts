import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { readDataset } from '../../../src/engine/data/read';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder with these files, removed after the test. */
export function folderOf(files: Record<string, string | Uint8Array>): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'infonce-data-')));
  made.push(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return root;
}

export async function readFiles(files: Record<string, string | Uint8Array>): Promise<Dataset> {
  return readDataset(folderOf(files), { seed: 1 });
}

/** `count` rows made by `row`, with a header. */
export function csv(header: string, count: number, row: (i: number) => string): string {
  return `${header}\n${Array.from({ length: count }, (_, i) => row(i)).join('\n')}\n`;
}

/** 40 pairs of distinct texts. */
export const pairsCsv = csv(
  'anchor,positive',
  40,
  (i) => `what is number ${i},the number ${i} comes after ${i - 1}`,
);

export async function png(
  width: number,
  height: number,
  colour: { r: number; g: number; b: number },
): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer();
}

/** A picture of a file name's own: noise from a number. */
export async function noise(
  seed: number,
  side = 20,
  format: 'png' | 'jpeg' | 'webp' = 'png',
): Promise<Buffer> {
  const data = Buffer.from(
    Array.from({ length: side * side * 3 }, (_, i) => (i * (seed * 2 + 3) * 7919 + seed * 31) % 256),
  );
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** Class folders of noise: `{ 'cat/0.png': …, 'dog/0.png': … }`. */
export async function classFolders(
  classes: readonly string[],
  each: number,
): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for (const [c, name] of classes.entries()) {
    for (let i = 0; i < each; i++) files[`${name}/${i}.png`] = await noise(c * 1000 + i);
  }
  return files;
}

export function problem(dataset: Dataset, code: string): Dataset['problems'][number] | undefined {
  return dataset.problems.find((found) => found.code === code);
}
