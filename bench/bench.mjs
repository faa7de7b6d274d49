#!/usr/bin/env node
/** `npm run bench -- NAME [arguments]`: runs a script of this folder; without a name it says what there is. */
import { join } from 'node:path';
import { inherit } from '../scripts/lib/command.mjs';
import { root } from '../scripts/lib/places.mjs';

const programs = new Map([
  ['editor', 'the extension in a real editor, against its bounds: [figure…] [--vsix FILE] [--repetitions N]'],
  ['look-up', 'look-ups in the explorer alone: [--items N] [--dimensions N]'],
  ['results', 'quality with the defaults: FOLDER [--seeds N] [--only set,set]'],
]);

const [name = '', ...rest] = process.argv.slice(2);
if (programs.has(name)) {
  process.exitCode = await inherit(process.execPath, [join(root, 'bench', `${name}.mjs`), ...rest]);
} else {
  console.log('npm run bench -- NAME [arguments]\n');
  for (const [known, words] of programs) console.log(`  ${known.padEnd(8)}  ${words}`);
  process.exitCode = name === '' ? 0 : 2;
}
