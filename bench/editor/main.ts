import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/lib/places.mjs';
import { packageExtension } from '../../scripts/package.mjs';
import { activation } from './activation';
import type { Bench } from './bench';
import { bundleSize } from './bundle-size';
import { type Figure, isKept, table } from './figure';
import { firstPoint } from './first-point';
import { frozenPage } from './frozen-page';
import { Lab } from './lab';
import { lookUp } from './look-up';
import { restore } from './restore';
import { stop } from './stop';
import { traffic } from './traffic';

/** By the name that chooses it. */
const benches = new Map<string, Bench>([
  ['activation', activation],
  ['first-point', firstPoint],
  ['restore', restore],
  ['traffic', traffic],
  ['frozen-page', frozenPage],
  ['stop', stop],
  ['look-up', lookUp],
  ['bundle-size', bundleSize],
]);

function benchOf(name: string): Bench {
  const bench = benches.get(name);
  if (bench === undefined)
    throw new Error(`there is no figure ${name}: there are ${[...benches.keys()].join(', ')}`);
  return bench;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    vsix: { type: 'string' },
    repetitions: { type: 'string', default: '5' },
    images: { type: 'string', default: path.join(root, '../shared/data/images_mnist') },
    pairs: { type: 'string', default: path.join(root, '../shared/data/triplets_wordnet_adj') },
  },
});
const { vsix, images, pairs } = values;
const repetitions = Number(values.repetitions);
const names = positionals.length > 0 ? positionals : [...benches.keys()];
const chosen = names.map((name) => ({ name, bench: benchOf(name) }));
for (const [name, folder, what] of [
  ['first-point', images, 'a folder of class images with --images'],
  ['stop', pairs, 'a folder of many rows with --pairs'],
] as const) {
  if (names.includes(name) && !existsSync(folder)) throw new Error(`${folder} is not there: name ${what}`);
}

const lab = await Lab.start(vsix ?? (await packageExtension()));
const figures: Figure[] = [];
try {
  for (const { name, bench } of chosen) {
    process.stderr.write(`${name} …\n`);
    figures.push(...(await bench({ lab, repetitions, images, pairs })));
  }
} finally {
  await lab.stop();
  process.stdout.write(`${table(figures).join('\n')}\n`);
}
process.exitCode = figures.every(isKept) ? 0 : 1;
