#!/usr/bin/env node
/** `npm run l10n`: writes the strings of the code, for translators and for the editor, to `l10n/bundle.l10n.json`. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runScript } from './lib/entry.mjs';
import { root } from './lib/places.mjs';
import { SetupProblem } from './lib/problem.mjs';

/** Which folder says its sentences by which call. The page is handed the extension's bundle. */
const sources = [
  { folder: 'src/extension', call: /\bl10n\.t\(\s*/g },
  { folder: 'src/webview', call: /(?<![\w.]|function )t\(\s*/g },
];
const literal = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y;

/**
 * The English sentences of a source text, in order.
 * @param {string} text
 * @param {RegExp} call global; matches up to the first argument
 * @param {string} file for messages
 * @returns {string[]}
 */
export function sentencesIn(text, call, file) {
  return [...text.matchAll(call)].map(({ index, 0: { length } }) => {
    literal.lastIndex = index + length;
    const found = literal.exec(text)?.[0];
    if (found !== undefined) return unquoted(found);
    const line = text.slice(0, index).split('\n').length;
    throw new SetupProblem(`${file}:${line} says what is not written there`, 'give a string, not a variable');
  });
}

/** The bundle's text: every sentence by itself, sorted. */
export function wordsBundle() {
  const sentences = sources.flatMap(({ folder, call }) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) =>
        sentencesIn(readFileSync(join(root, folder, name), 'utf8'), call, `${folder}/${name}`),
      ),
  );
  const sorted = [...new Set(sentences)].sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((one) => [one, one])), undefined, 2)}\n`;
}

/** @param {string} quoted a string literal that has no escapes but those of quotes, backslashes and \n */
function unquoted(quoted) {
  return quoted.slice(1, -1).replace(/\\(.)/g, (_, letter) => (letter === 'n' ? '\n' : letter));
}

await runScript(import.meta.url, async () => {
  mkdirSync(join(root, 'l10n'), { recursive: true });
  writeFileSync(join(root, 'l10n/bundle.l10n.json'), wordsBundle());
});
