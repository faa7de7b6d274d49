import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvertedIndex } from '../../../src/engine/evaluate/baseline/inverted-index';
import { popularitySimilarity } from '../../../src/engine/evaluate/baseline/popularity';
import { normaliseRows } from '../../../src/engine/evaluate/baseline/rows';
import { sparseDot, TfIdf } from '../../../src/engine/evaluate/baseline/tfidf';
import { tfidfSimilarity } from '../../../src/engine/evaluate/baseline/tfidf-similarity';
import { words } from '../../../src/engine/evaluate/baseline/words';
import { Slices } from '../../../src/engine/slices';
import { fixture, type Rows } from './support';

interface Case {
  readonly name: string;
  readonly train: string[];
  readonly texts: string[];
  readonly idf: Record<string, number>;
  readonly rows: Record<string, number>[];
  readonly similarity: Rows;
}

describe('TfIdf, as TfidfVectorizer(sublinear_tf=True) of scikit-learn', () => {
  test.for(fixture('tfidf') as Case[])('$name', async ({ train, texts, idf, rows: expected, similarity }) => {
    const model = await TfIdf.fit(train, new Slices());
    const terms = [...model.vocabulary.keys()];
    expect(terms.toSorted()).toEqual(Object.keys(idf).sort());
    for (const [term, id] of model.vocabulary) expect(model.idf[id]).toBeCloseTo(idf[term] as number, 12);

    const rows = await model.transform(texts, new Slices());
    expect(rows.offsets).toHaveLength(texts.length + 1);
    for (const [r, row] of expected.entries()) {
      const [start, end] = [rows.offsets[r] as number, rows.offsets[r + 1] as number];
      const found = new Map(
        Array.from(rows.terms.subarray(start, end), (id, i) => [terms[id], rows.weights[start + i]]),
      );
      expect(found.size).toBe(Object.keys(row).length);
      for (const [term, weight] of Object.entries(row)) expect(found.get(term)).toBeCloseTo(weight, 7);
    }

    const all = Int32Array.from(texts, (_, i) => i);
    const index = new InvertedIndex(rows, all, terms.length);
    for (const [a, line] of similarity.entries()) {
      const scores = index.scores(a);
      for (const [b, cosine] of line.entries()) {
        expect(scores[b]).toBeCloseTo(cosine, 6);
        expect(sparseDot(rows, a, b)).toBeCloseTo(cosine, 6);
      }
    }
  });

  test('knows nothing of an empty training set', async () => {
    const model = await TfIdf.fit([], new Slices());
    const { offsets } = await model.transform(['any text', ''], new Slices());
    expect([...offsets]).toEqual([0, 0, 0]);
  });
});

describe('words', () => {
  test.for([
    ['Don’t STOP-me_now, a 1st x2!', ['don', 'stop', 'me_now', '1st', 'x2']],
    ['a b c', []],
    ['हिन्दी भाषा', ['हिन्दी', 'भाषा']],
    ['cafe\u0301', ['cafe\u0301']],
    ['constructor __proto__', ['constructor', '__proto__']],
  ] as const)('%s', ([text, expected]) => {
    expect(words(text)).toEqual(expected);
  });

  test('cuts scripts without spaces into words', () => {
    for (const [text, word] of [
      ['我喜欢喝咖啡。', '咖啡'],
      ['私はコーヒーが好きです。', 'コーヒー'],
      ['ฉันชอบดื่มกาแฟ', 'กาแฟ'],
      ['一 二', '二'],
    ] as const) {
      expect(words(text)).toContain(word);
      expect(words(text).length).toBeGreaterThan(1);
    }
    expect(words('TensorFlow 很快 a ok')).toEqual(expect.arrayContaining(['tensorflow', 'ok']));
    expect(words('很快 a ok')).not.toContain('a');
  });

  test('takes any text', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        for (const word of words(text)) expect(text.toLowerCase()).toContain(word);
      }),
    );
  });
});

describe('tfidfSimilarity', async () => {
  const texts = ['red apple pie', 'green apple', 'red apple pie', 'blue whale', 'unseen words'];
  const similarity = await tfidfSimilarity(texts, Int32Array.of(0, 1, 2, 3), new Slices());

  test('ranks candidates, ties by position, and never the query itself', async () => {
    const top = await similarity.topK(Int32Array.of(0, 4, 3), Int32Array.of(3, 2, 1, 0), 4, new Slices());
    // Positions in [3, 2, 1, 0]; item 0 leaves itself out, item 4 knows no word, item 3 is alone.
    expect([...top.index]).toEqual([1, 2, 0, -1, 0, 1, 2, 3, 1, 2, 3, -1]);
    expect(top.score[0]).toBeCloseTo(1, 6);
    expect(top.score.subarray(4, 8)).toEqual(new Float32Array(4));
  });

  test('scores pairs as it ranks them', async () => {
    const candidates = Int32Array.of(0, 1, 2, 3, 4);
    const { k, index, score } = await similarity.topK(candidates, candidates, 4, new Slices());
    const queries = Int32Array.from(index, (_, i) => Math.floor(i / k));
    expect(similarity.pairs(queries, index)).toEqual(score);
    expect(() => similarity.pairs(queries, candidates)).toThrow('20 items against 5');
  });

  test('asks nothing, finds nothing', async () => {
    const none = new Int32Array();
    expect((await similarity.topK(none, none, 3, new Slices())).index).toHaveLength(0);
    const { index } = await similarity.topK(Int32Array.of(0), none, 2, new Slices());
    expect([...index]).toEqual([-1, -1]);
  });
});

test('popularitySimilarity ranks by training count, the earlier first, and never the query itself', async () => {
  const popularity = popularitySimilarity(6, {
    type: 'pairs',
    anchor: Int32Array.of(0, 1, 0, 1),
    positive: Int32Array.of(2, 2, 3, 4),
    negatives: new Int32Array(),
    negativesPerRow: 0,
  });
  const top = await popularity.topK(Int32Array.of(0, 2), Int32Array.of(5, 4, 3, 2), 4, new Slices());
  expect([...top.index]).toEqual([3, 1, 2, 0, 1, 2, 0, -1]);
  expect([...top.score]).toEqual([1, 0.5, 0.5, 0, 0.5, 0.5, 0, 0]);
  expect([...popularity.pairs(Int32Array.of(5, 5), Int32Array.of(2, 3))]).toEqual([1, 0.5]);
});

describe('normaliseRows', () => {
  test('scales rows of floats and of bytes to length 1 and leaves zeros', () => {
    expect([...normaliseRows(Uint8Array.of(3, 4, 0, 0, 0, 255), 2)]).toEqual(
      [0.6, 0.8, 0, 0, 0, 1].map(Math.fround),
    );
    expect([...normaliseRows(Float32Array.of(-(2 ** 100), 0, 1e-45, 0), 2)]).toEqual([-1, 0, 1, 0]);
    expect(normaliseRows(new Float32Array(), 3)).toHaveLength(0);
  });

  test('names the row that is not finite, and rows that do not fit', () => {
    const rows = Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY);
    expect(() => normaliseRows(rows, 2)).toThrow('row 1 holds');
    expect(() => normaliseRows(rows, 3)).toThrow('4 values do not make rows of width 3');
    expect(() => normaliseRows(rows, 0)).toThrow('width 0');
  });
});
