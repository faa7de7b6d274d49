import { Tokenizer } from 'tokenizers';
import { describe, expect, it } from 'vitest';
import { tokenBags } from '../../../src/engine/model/text/bags';
import { trainBpe } from '../../../src/engine/model/text/train-bpe';
import { random } from '../../../src/engine/random';

const words = 'the a small large red green blue house tree river walks runs sleeps under over near'.split(
  ' ',
);

/** English sentences, with a name that objects treat in their own way. */
const texts = Array.from({ length: 400 }, (_, i) => {
  const source = random(1, 'sentence', 0, i);
  const sentence = Array.from({ length: 8 }, () => words[source.below(words.length)]).join(' ');
  return i % 4 === 0 ? `${sentence} __proto__ constructor` : sentence;
});

function vocabulary(json: string): Map<string, number> {
  const { model } = JSON.parse(json) as { model: { vocab: Record<string, number> } };
  return new Map(Object.entries(model.vocab));
}

function encode(json: string, text: string): Promise<number[]> {
  return Tokenizer.fromString(json)
    .encode(text, null, { addSpecialTokens: false })
    .then((encoding) => [...encoding.getIds()]);
}

describe('a byte-pair vocabulary', async () => {
  const size = 320;
  const json = await trainBpe(texts, size);

  it('is the same from the same texts, to the byte', async () => {
    expect(await trainBpe(texts, size)).toBe(json);
  });

  it('has the size that was asked for, ids without gaps, merges before their results', () => {
    const tokens = vocabulary(json);
    expect(tokens.size).toBe(size);
    expect([...tokens.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, id) => id));
    const { model } = JSON.parse(json) as { model: { merges: [string, string][] } };
    expect(model.merges.length).toBe(size - 256);
    const made = new Set([...tokens.keys()].filter((token) => token.length === 1));
    expect(made.size).toBe(256);
    for (const [left, right] of model.merges) {
      expect(made.has(left) && made.has(right)).toBe(true);
      made.add(left + right);
    }
  });

  it('is the beginning of a larger one', async () => {
    const larger = vocabulary(await trainBpe(texts, size + 40));
    for (const [token, id] of vocabulary(json)) expect(larger.get(token)).toBe(id);
  });

  it('ends where the texts have nothing more to merge', async () => {
    const tokens = vocabulary(await trainBpe(['ab ab ab'], 1000));
    expect(tokens.size).toBeLessThan(262);
    expect(tokens.size).toBeGreaterThan(256);
  });

  it.each(['🦉', '한국어 문장', 'ﬁne', '\u0000\u007f', '\ud800', 'naïve Ω'])(
    'reads any text: %j',
    async (text) => {
      const ids = await encode(json, text);
      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) expect(id).toBeLessThan(size);
    },
  );

  it('takes a byte for a token where it has learnt nothing, so that texts stay apart', async () => {
    const single = new Set([...vocabulary(json)].filter(([token]) => token.length === 1).map(([, id]) => id));
    // Four bytes in UTF-8, and the leading space.
    const owl = await encode(json, '🦉');
    expect(owl.length).toBe(5);
    expect(owl.every((id) => single.has(id))).toBe(true);
    expect(await encode(json, '한국')).not.toEqual(await encode(json, '중국'));
  });

  it('does not see case, width, or whether a word comes first', async () => {
    const [plain, ...others] = await Promise.all(
      ['red house', 'RED House', 'ｒｅｄ house'].map((t) => encode(json, t)),
    );
    for (const other of others) expect(other).toEqual(plain);
    const house = (await encode(json, 'house'))[0];
    expect(await encode(json, 'red house')).toContain(house);
  });

  it('has whole words, also such as objects do not like for keys', async () => {
    const large = await trainBpe(texts, 1000);
    expect((await encode(large, 'river')).length).toBe(1);
    const bags = await tokenBags(['__proto__', 'constructor'], large, vocabulary(large).size);
    expect(bags.columns.length).toBe(bags.offsets[2]);
    expect([...bags.weights].every((weight) => weight > 0)).toBe(true);
    expect(Math.max(...bags.columns)).toBeLessThan(vocabulary(large).size);
  });

  it('stops when told', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(trainBpe(texts, size, signal)).rejects.toThrow(/abort|enough/i);
  });
});
