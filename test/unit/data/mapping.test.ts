import { describe, expect, it } from 'vitest';
import type { DatasetConfig } from '../../../src/engine/data/config';
import { findHeader } from '../../../src/engine/data/header';
import { mapColumns } from '../../../src/engine/data/mapping';

/** Makers of a cell by row number, by what the column looks like. */
const kinds = {
  text: (i: number) => `some longer sentence with number ${i} in it`,
  other: (i: number) => `quite another kind of sentence, the ${i}th of them`,
  word: (i: number) => `w${i}`,
  class: (i: number) => ['red', 'green', 'blue'][i % 3] as string,
  code: (i: number) => String(i % 4),
  number: (i: number) => String(Math.sin(i) * 10),
  score: (i: number) => String((i % 11) / 2),
  date: (i: number) => `2024-01-${String((i % 28) + 1).padStart(2, '0')} 10:00:00`,
  count: (i: number) => String(i),
  path: (i: number) => `img/${i}.PNG`,
  split: (i: number) => ['train', 'train', 'test'][i % 3] as string,
  blank: () => '',
} satisfies Record<string, (i: number) => string>;

function map(
  columns: Record<string, keyof typeof kinds>,
  config: DatasetConfig = {},
): ReturnType<typeof mapColumns> {
  const names = Object.keys(columns);
  const rows = Array.from({ length: 60 }, (_, i) =>
    names.map((name) => kinds[columns[name] as keyof typeof kinds](i)),
  );
  return mapColumns(names, rows, config);
}

const cases: [columns: Record<string, keyof typeof kinds>, layout: string, mapped: object][] = [
  [{ query: 'text', answer: 'other' }, 'pairs', { anchor: 'query', positive: 'answer' }],
  [{ Answer: 'other', id: 'count', QUESTION: 'text' }, 'pairs', { anchor: 'QUESTION', positive: 'Answer' }],
  [{ 'Sentence 2': 'text', sentence_1: 'other' }, 'pairs', { anchor: 'sentence_1', positive: 'Sentence 2' }],
  [{ text: 'other', summary: 'text' }, 'pairs', { anchor: 'text', positive: 'summary' }],
  [
    { anchor: 'word', positive: 'text', negative_10: 'other', negative_2: 'other' },
    'triplets',
    { anchor: 'anchor', positive: 'positive', negatives: ['negative_2', 'negative_10'] },
  ],
  [
    { score: 'score', text1: 'text', text2: 'other' },
    'scored-pairs',
    { anchor: 'text1', positive: 'text2', score: 'score' },
  ],
  [
    { premise: 'text', hypothesis: 'other', label: 'code' },
    'scored-pairs',
    { anchor: 'premise', positive: 'hypothesis', score: 'label' },
  ],
  [{ text: 'text', category: 'class' }, 'labelled-texts', { text: 'text', label: 'category' }],
  [{ target: 'code', utterance: 'text' }, 'labelled-texts', { text: 'utterance', label: 'target' }],
  [
    { question: 'text', intent: 'class', split: 'split' },
    'labelled-texts',
    { text: 'question', label: 'intent', split: 'split' },
  ],
  [
    { review: 'text', sentiment: 'class', when: 'date' },
    'labelled-texts',
    { text: 'review', label: 'sentiment' },
  ],
  [{ blah: 'text', foo: 'class' }, 'labelled-texts', { text: 'blah', label: 'foo' }],
  [{ blah: 'text', foo: 'other' }, 'pairs', { anchor: 'blah', positive: 'foo' }],
  [{ a: 'number', b: 'number', label: 'code' }, 'labelled-vectors', { vector: ['a', 'b'], label: 'label' }],
  [
    { start: 'date', v0: 'number', v1: 'number', kind: 'class' },
    'labelled-vectors',
    { vector: ['v0', 'v1'], label: 'kind' },
  ],
  [{ '': 'count', x: 'number', y0: 'number', z: 'number' }, 'vectors', { vector: ['x', 'y0', 'z'] }],
  [
    { user_id: 'word', movieId: 'code', rating: 'score', timestamp: 'count' },
    'interactions',
    { user: 'user_id', item: 'movieId', time: 'timestamp' },
  ],
  [{ image: 'path', label: 'class' }, 'labelled-images', { image: 'image', label: 'label' }],
  [
    JSON.parse('{"__proto__": "number", "constructor": "number", "prototype": "number"}'),
    'vectors',
    { vector: ['__proto__', 'constructor', 'prototype'] },
  ],
  [{ text: 'text', label: 'class', notes: 'blank' }, 'labelled-texts', { text: 'text', label: 'label' }],
];

describe('columns by name and content', () => {
  it.each(cases)('%j is %s', (columns, layout, mapped) => {
    const mapping = map(columns);
    expect(mapping).toMatchObject({ layout });
    expect('columns' in mapping && mapping.columns).toEqual(mapped);
  });

  it('is told where names say nothing', () => {
    const mapping = map({ blah: 'text', foo: 'other' });
    expect('notes' in mapping && mapping.notes[0]).toMatchObject({
      severity: 'warning',
      code: 'guessed-columns',
    });
    expect('notes' in mapping && mapping.notes[0]?.message).toContain(
      '"blah" was taken as anchor, "foo" as positive',
    );
  });

  it('does not take a number for a text or a text for a score', () => {
    expect(map({ query: 'text', answer: 'number' })).toMatchObject({ code: 'ambiguous-columns' });
    expect(map({ sentence1: 'text', sentence2: 'other', score: 'text' })).toMatchObject({ layout: 'pairs' });
  });

  it('asks, with an example of each column and the lines to write, where it cannot tell', () => {
    const failure = map({ alpha: 'word', beta: 'class', gamma: 'class' });
    expect(failure).toMatchObject({ code: 'ambiguous-columns' });
    for (const part of [
      '"alpha" (id, as "w0")',
      '"beta" (category, as "red")',
      'infonce.json',
      '{"columns":{"anchor":"alpha"',
    ]) {
      expect('message' in failure && failure.message).toContain(part);
    }
  });

  it('does what the config says', () => {
    const columns = { alpha: 'word', beta: 'class', gamma: 'class' } as const;
    expect(map(columns, { columns: { text: 'alpha', label: 'gamma' } })).toMatchObject({
      layout: 'labelled-texts',
    });
    expect(map(columns, { columns: { user: 'alpha', item: 'beta' } })).toMatchObject({
      layout: 'interactions',
    });
    expect(map({ a: 'number', b: 'number', label: 'code' }, { layout: 'vectors' })).toMatchObject({
      layout: 'vectors',
      columns: { vector: ['a', 'b'] },
    });
    expect(map(columns, { columns: { text: 'nope' } })).toMatchObject({ code: 'unknown-column' });
  });
});

const headers: [rows: string[][], header: boolean][] = [
  [
    [
      ['text', 'label'],
      ['a b c d e', 'x'],
      ['b c d e f', 'x'],
    ],
    true,
  ],
  [
    [
      ['1.5', '2'],
      ['2.5', '3'],
    ],
    false,
  ],
  [
    [
      ['width', 'height'],
      ['2.5', '3'],
    ],
    true,
  ],
  [
    [
      ['0', '1', '2'],
      ['2.5', '3.1', '1'],
    ],
    true,
  ],
  [
    [
      ['I love this film a lot', 'positive'],
      ['I hate this film a lot', 'negative'],
      ['so good to see it', 'positive'],
    ],
    false,
  ],
  [
    [
      ['foo', 'bar'],
      ['one two three four', 'x'],
      ['two three four five', 'y'],
    ],
    true,
  ],
];

describe('whether the first row names the columns', () => {
  it.each(headers)('%j: %s', (rows, header) => {
    expect(findHeader(rows).header).toBe(header);
    expect(findHeader(rows).columns[0]).toBe(header ? rows[0]?.[0] : 'column_1');
  });

  it('makes names unique', () => {
    expect(
      findHeader([
        ['text', 'text', ''],
        ['a', 'b', 'c'],
      ]).columns,
    ).toEqual(['text', 'text_2', 'column_3']);
  });
});
