import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

const shapes = {
  circle: (x: number, y: number, r: number) => `<circle cx="${x}" cy="${y}" r="${r}"/>`,
  square: (x: number, y: number, r: number) =>
    `<rect x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}"/>`,
  triangle: (x: number, y: number, r: number) =>
    `<polygon points="${x},${y - r} ${x - r},${y + r} ${x + r},${y + r}"/>`,
};

/** Class folders of drawn shapes, no two alike: `<folder>/<shape>/<number>.png`, 28 x 28. */
export async function drawShapes(folder: string, each = 40): Promise<void> {
  for (const [name, draw] of Object.entries(shapes)) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (let i = 0; i < each; i++) {
      const shape = draw(10 + (i % 7), 11 + (i % 5), 5 + (i % 4) + i / (4 * each));
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28"><rect width="28" height="28"/><g fill="white">${shape}</g></svg>`;
      await sharp(Buffer.from(svg))
        .greyscale()
        .png()
        .toFile(path.join(folder, name, `${i}.png`));
    }
  }
}

/** Numbers in two groups that a model of any speed tells apart. */
export async function writeVectors(folder: string, rows = 80): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = Array.from({ length: rows }, (_, i) => {
    const side = i % 2 === 0 ? 1 : -1;
    return `${side * (1 + (i % 7) / 7)},${side * (2 + (i % 5) / 5)},${(i % 11) / 11},${side > 0 ? 'up' : 'down'}`;
  });
  await writeFile(path.join(folder, 'data.csv'), `x,y,z,label\n${lines.join('\n')}\n`);
}

/** Settings for the runs of a folder, as a user writes them. */
export async function writeSettings(folder: string, train: Record<string, unknown>): Promise<void> {
  await writeFile(path.join(folder, 'infonce.json'), JSON.stringify({ train }, null, 2));
}
