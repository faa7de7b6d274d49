import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { phrases } from './phrases';
import { greyPng } from './png';
import { drawShape, shapeNames, shapeSize } from './shapes';

/** Rows of each split of the translations. */
const rows = { train: 900, dev: 150, test: 150 } as const;
/** Drawings of each shape. */
const drawings = { train: 60, test: 20 } as const;

const readme = `# Sample data for InfoNCE Lab

Two small datasets, both made by the extension. Right-click one of the folders and choose "Train Embedding Model".

| folder | what it is | what the model learns |
| --- | --- | --- |
| \`translations\` | 1,200 English sentences with their Spanish translation (CSV, pairs) | which words mean the same: the test sentences are new, their words are not, and no word is spelled alike |
| \`shapes\` | 480 drawings of six shapes, 28 x 28 grey PNG files in class folders | shape, whatever the size, place, turn and brightness |

In the panel, move the slider below the charts to see how the neighbours change while the model learns.
`;

/** `anchor,positive` rows; the sentences hold neither commas nor quotes. */
async function writeTranslations(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const all = phrases(rows.train + rows.dev + rows.test);
  let from = 0;
  for (const [split, count] of Object.entries(rows)) {
    const part = all.slice(from, (from += count));
    const lines = part.map(({ english, spanish }) => `${english},${spanish}`);
    await writeFile(path.join(folder, `${split}.csv`), `${['anchor,positive', ...lines].join('\n')}\n`);
  }
}

async function writeShapes(folder: string): Promise<void> {
  for (const name of shapeNames) {
    let index = 0;
    for (const [split, count] of Object.entries(drawings)) {
      const target = path.join(folder, split, name);
      await mkdir(target, { recursive: true });
      for (let i = 0; i < count; i++, index++) {
        const file = path.join(target, `${name}-${String(index).padStart(3, '0')}.png`);
        await writeFile(file, greyPng(drawShape(name, index), shapeSize));
      }
    }
  }
}

/** Writes the sample datasets; the same bytes each time. */
export async function writeSample(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'README.md'), readme);
  await writeTranslations(path.join(folder, 'translations'));
  await writeShapes(path.join(folder, 'shapes'));
}
