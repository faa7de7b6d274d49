import { createHash } from 'node:crypto';

/**
 * @typedef {object} Entry one meaning: a definition and the common single words for it
 * @property {string} definition
 * @property {string[]} words
 */
/** @typedef {{ definition: string, word: string }} Pair */

/** Parts of speech, by the name of their data file, with the digit that index.sense has for them. */
export const partsOfSpeech = new Map([
  ['noun', '1'],
  ['verb', '2'],
  ['adj', '3'],
  ['adv', '4'],
]);

/**
 * How usual each meaning of a word is.
 * @param {string} text content of index.sense: `lemma%type:… offset sense_number tag_count`
 * @returns {Map<string, { rank: number, count: number }>} by part of speech, offset and word; rank 1 is the word's commonest meaning,
 *   count is how often the meaning was met in tagged text
 */
export function parseSenses(text) {
  const senses = new Map();
  for (const line of text.split('\n')) {
    const [key = '', offset, rank, count] = line.split(' ');
    const end = key.lastIndexOf('%');
    if (end < 0) continue;
    // 5 is a satellite adjective; it stands in the same file as the others.
    const type = key[end + 1] === '5' ? '3' : key[end + 1];
    senses.set(`${type}${offset}${key.slice(0, end)}`, { rank: Number(rank), count: Number(count) });
  }
  return senses;
}

/**
 * @param {string} text content of a data file: `offset … word_count word id word id … | gloss`, the count in hexadecimal
 * @param {string} type digit of the part of speech
 * @returns {{ definition: string, senses: { word: string, key: string }[] }[]}
 */
export function parseData(text, type) {
  const meanings = [];
  for (const line of text.split('\n')) {
    const bar = line.indexOf(' | ');
    if (bar < 0 || line.startsWith(' ')) continue;
    const fields = line.slice(0, bar).split(' ');
    const senses = [];
    for (let i = 0; i < Number.parseInt(fields[3] ?? '0', 16); i++) {
      // An adjective may carry its position in brackets: `awake(p)`.
      const word = (fields[4 + 2 * i] ?? '').replace(/\(\w+\)$/, '');
      senses.push({ word, key: `${type}${fields[0]}${word}` });
    }
    meanings.push({ definition: withoutExamples(line.slice(bar + 3)), senses });
  }
  return meanings;
}

/** Examples follow the definition in quotes. @param {string} gloss */
function withoutExamples(gloss) {
  return (gloss.split(/[;:,]?\s*"/)[0] ?? '').trim();
}

/** The sample is the first thing a newcomer sees. */
const crude =
  /\b(offensive|obscene|obscenity|slur|vulgar|disparaging|derogatory|prostitut\w*|sexual\w*|genital\w*|excrement)\b/i;

/**
 * Keeps the meanings that people meet: those found in tagged text, and the first two of every word that was found there.
 * Names, phrases, crude meanings and definitions of fewer than three words are left out. Equal definitions become one entry.
 * @param {ReturnType<typeof parseData>} meanings
 * @param {ReturnType<typeof parseSenses>} senses
 * @returns {Entry[]}
 */
export function selectCommon(meanings, senses) {
  const met = new Set();
  for (const { senses: list } of meanings) {
    for (const { word, key } of list) if ((senses.get(key)?.count ?? 0) > 0) met.add(word);
  }
  /** @type {Map<string, Set<string>>} */
  const entries = new Map();
  for (const { definition, senses: list } of meanings) {
    if (definition.split(' ').length < 3 || crude.test(definition)) continue;
    const plain = list.filter(({ word }) => /^[a-z]{2,}(-[a-z]+)*$/.test(word));
    const isCommon = plain.some(({ word, key }) => {
      const { rank, count } = senses.get(key) ?? { rank: Infinity, count: 0 };
      return count > 0 || (met.has(word) && rank <= 2);
    });
    if (!isCommon) continue;
    const words = plain.filter(({ key }) => (senses.get(key)?.count ?? 0) > 0 || senses.get(key)?.rank === 1);
    if (words.length === 0) continue;
    const known = entries.get(definition) ?? new Set();
    for (const { word } of words) known.add(word);
    entries.set(definition, known);
  }
  return [...entries].map(([definition, words]) => ({ definition, words: [...words] }));
}

/**
 * Deals the entries out. A definition is in one split only, with all its words; each word of a held-out definition
 * also stands in train with another definition, for no model can name a word that it has never seen.
 * @param {readonly Entry[]} entries
 * @param {{ dev: number, test: number }} sizes held-out definitions
 * @returns {{ train: Pair[], dev: Pair[], test: Pair[] }}
 */
export function splitEntries(entries, sizes) {
  /** @type {Map<string, number>} */
  const inTrain = new Map();
  for (const { words } of entries) for (const word of words) inTrain.set(word, (inTrain.get(word) ?? 0) + 1);
  /** @type {{ train: Pair[], dev: Pair[], test: Pair[] }} */
  const splits = { train: [], dev: [], test: [] };
  const held = { dev: 0, test: 0 };
  for (const { definition, words } of shuffled(entries)) {
    const spare = words.every((word) => (inTrain.get(word) ?? 0) > 1);
    const split = spare && held.test < sizes.test ? 'test' : spare && held.dev < sizes.dev ? 'dev' : 'train';
    if (split !== 'train') {
      held[split]++;
      for (const word of words) inTrain.set(word, (inTrain.get(word) ?? 0) - 1);
    }
    for (const word of words) splits[split].push({ definition, word });
  }
  return splits;
}

/** In the order of a hash: the same on every machine. @param {readonly Entry[]} entries */
function shuffled(entries) {
  return entries
    .map((entry) => ({ entry, key: createHash('sha256').update(entry.definition).digest('hex') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ entry }) => entry);
}
