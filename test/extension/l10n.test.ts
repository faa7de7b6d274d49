import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sentencesIn, wordsBundle } from '../../scripts/l10n.mjs';

const bundle = path.join(import.meta.dirname, '../../l10n/bundle.l10n.json');

test('the bundle has every sentence of the code, and none that is gone', () => {
  expect(readFileSync(bundle, 'utf8'), 'run `npm run l10n`').toBe(wordsBundle());
  const sentences = Object.keys(JSON.parse(wordsBundle()));
  // One of the extension, one of the page.
  expect(sentences).toEqual(expect.arrayContaining(['Tick two or more', 'Lasso']));
});

test('a sentence is read as the program reads it, and a variable is refused with its place', () => {
  const call = /\bl10n\.t\(\s*/g;
  const source = String.raw`l10n.t('It\'s {0}', l10n.t(` + '\n' + String.raw`"a \"word\"\n"))`;
  expect(sentencesIn(source, call, 'a.ts')).toEqual(["It's {0}", 'a "word"\n']);
  expect(() => sentencesIn('\n l10n.t(word)', call, 'a.ts')).toThrow('a.ts:2');
});
