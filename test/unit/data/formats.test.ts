import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { dump } from 'npyjs';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { isBeside } from '../../../src/engine/data/formats';
import { readDataset } from '../../../src/engine/data/read';
import { csv, folderOf, problem, readFiles } from './fixtures';

const questions = Array.from({ length: 30 }, (_, i) => `wie heißt, „Stück“ ${i}; das | da?`);
const answers = Array.from({ length: 30 }, (_, i) => `it is "piece" ${i}\tof cake, 日本語`);
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function table(delimiter: string, newline: string): string {
  const rows = questions.map((question, i) => [question, answers[i] as string].map(quoted).join(delimiter));
  return [`question${delimiter}answer`, ...rows, ''].join(newline);
}

function objects(): { question: string; answer: string }[] {
  return questions.map((question, i) => ({ question, answer: answers[i] as string }));
}

function utf16be(text: string): Buffer {
  return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
}

/** All pairs of all splits, as texts, in a fixed order. */
function pairsOf(dataset: Dataset): string[] {
  return [...dataset.splits.values()]
    .flatMap(({ relations }) => {
      if (relations.type !== 'pairs') throw new Error(relations.type);
      const { anchor, positive } = relations;
      return Array.from(
        anchor,
        (a, r) => `${dataset.items.content[a]}→${dataset.items.content[positive[r] as number]}`,
      );
    })
    .sort();
}

const expected = questions.map((question, i) => `${question}→${answers[i]}`).sort();

describe('the same pairs from every format', () => {
  const files: Record<string, string | Uint8Array> = {
    'comma.csv': table(',', '\n'),
    'crlf.CSV': table(',', '\r\n'),
    'old-mac.csv': table(',', '\r'),
    'semicolon.csv': table(';', '\n'),
    'bar.csv': table('|', '\n'),
    'tab.csv': table('\t', '\n'),
    'tab.tsv': table('\t', '\r\n'),
    'tab.txt': table('\t', '\n'),
    'bom.csv': `\uFEFF${table(',', '\n')}`,
    'utf16le.csv': Buffer.from(`\uFEFF${table(';', '\r\n')}`, 'utf16le'),
    'utf16be.tsv': utf16be(table('\t', '\n')),
    'packed.csv.gz': gzipSync(table(',', '\n')),
    'lines.jsonl': objects()
      .map((row) => JSON.stringify(row))
      .join('\n'),
    'reordered.ndjson': objects()
      .map(({ question, answer }) => JSON.stringify({ answer, more: null, question }))
      .join('\r\n'),
    'packed.jsonl.gz': gzipSync(
      objects()
        .map((row) => JSON.stringify(row))
        .join('\n'),
    ),
    'array.json': JSON.stringify(objects()),
    'pretty.json': JSON.stringify(objects(), null, 2),
    'lines.json': objects()
      .map((row) => JSON.stringify(row))
      .join('\n'),
    'columns.parquet': new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'question', data: questions, type: 'STRING' },
          { name: 'answer', data: answers, type: 'STRING' },
        ],
        rowGroupSize: 7,
      }),
    ),
  };

  it.each(Object.keys(files))('%s', async (name) => {
    const dataset = await readFiles({ [name]: files[name] as string });
    expect(dataset.layout).toBe('pairs');
    expect(dataset.columns).toEqual({ anchor: 'question', positive: 'answer' });
    expect(pairsOf(dataset)).toEqual(expected);
    expect(dataset.problems.filter((found) => found.severity !== 'info')).toEqual([]);
  });

  it('takes a single file as well as its folder', async () => {
    const root = folderOf({ 'data.csv': table(',', '\n'), 'other.csv': 'x,y\n1,2\n' });
    expect(pairsOf(await readDataset(`${root}/data.csv`, { seed: 1 }))).toEqual(expected);
  });
});

describe('where records start', () => {
  const rows = ['a "x"\nb', 'c', 'd\n\ne', 'f'].concat(Array.from({ length: 20 }, (_, i) => `row ${i}`));

  it.each(['\n', '\r\n'])(
    'counts physical lines with %j, newlines in quotes and empty lines',
    async (newline) => {
      const lines: number[] = [];
      let text = `anchor,positive${newline}`;
      let line = 2;
      rows.forEach((row, i) => {
        lines.push(line);
        text += `${quoted(row.replaceAll('\n', newline))},p${i}${newline}`;
        line += 1 + (row.match(/\n/g)?.length ?? 0);
        if (i === 2) {
          text += newline;
          line++;
        }
      });
      const { items } = await readFiles({ 'train.csv': text });
      const anchors = items.content
        .map((content, i) => [content, items.line[i]])
        .filter(([content]) => !/^p\d/.test(content as string));
      expect(anchors).toEqual(rows.map((row, i) => [row.replaceAll('\n', newline), lines[i]]));
    },
  );

  it('counts lines of pretty-printed JSON', async () => {
    const values = Array.from({ length: 12 }, (_, i) => ({ anchor: `a ${i}`, positive: `p ${i}` }));
    const { items } = await readFiles({ 'train.json': JSON.stringify(values, null, 1) });
    expect(items.line[items.content.indexOf('a 0')]).toBe(2);
    expect(items.line[items.content.indexOf('a 5')]).toBe(2 + 5 * 4);
  });
});

describe('quotes in tab-separated files', () => {
  const plain = csv('sentence1\tsentence2', 20, (i) => `"Word ${i}" he said\tthe 5" pipe ${i}`);
  const closed = csv('sentence1\tsentence2', 20, (i) => `"He said ""word ${i}"""\tthe pipe ${i}`);

  it('are plain characters where they do not close before a tab', async () => {
    expect((await readFiles({ 'train.tsv': plain })).items.content[0]).toBe('"Word 0" he said');
  });

  it('quote fields where every one closes', async () => {
    expect((await readFiles({ 'train.tsv': closed })).items.content[0]).toBe('He said "word 0"');
  });

  it('turn out to be plain far into the file, and that is told', async () => {
    const long =
      closed +
      Array.from({ length: 20_000 }, (_, i) => `the quick brown fox number ${i}\tjumps over dog ${i}`).join(
        '\n',
      );
    const dataset = await readFiles({ 'train.tsv': `${long}\n"open\tend\n` });
    expect(problem(dataset, 'plain-quotes')).toMatchObject({ file: 'train.tsv', line: 20_022 });
    expect(dataset.items.content).toContain('"open');
  });
});

describe('encodings and lines that are wrong', () => {
  it('reads what is not UTF-8 as windows-1252 and says which line', async () => {
    const bytes = Buffer.from(
      csv('anchor,positive', 20, (i) => (i === 7 ? 'caf\xe9,\x93bar\x94' : `a ${i},p ${i}`)),
      'latin1',
    );
    const dataset = await readFiles({ 'train.csv': bytes });
    expect(problem(dataset, 'invalid-utf8')).toMatchObject({
      severity: 'warning',
      file: 'train.csv',
      line: 9,
      count: 1,
    });
    expect(dataset.items.content).toContain('café');
    expect(dataset.items.content).toContain('“bar”');
  });

  it('leaves out ragged rows, counted, the first named', async () => {
    const text = csv('anchor,positive', 30, (i) => (i % 10 === 4 ? `a ${i},p,x` : `a ${i},p ${i}`));
    const found = problem(await readFiles({ 'train.csv': text }), 'ragged-row');
    expect(found).toMatchObject({ file: 'train.csv', line: 6, count: 3 });
    expect(found?.message).toContain('line 6 has 3, the columns are 2');
  });

  it('leaves out bad JSON lines, counted, the first named', async () => {
    const text = Array.from({ length: 30 }, (_, i) =>
      i === 3 || i === 9 ? '{"anchor": ' : `{"anchor":"a ${i}","positive":"p ${i}"}`,
    );
    const found = problem(await readFiles({ 'train.jsonl': text.join('\n') }), 'bad-json-line');
    expect(found).toMatchObject({ file: 'train.jsonl', line: 4, count: 2 });
  });
});

const npy = (array: Float32Array | Int32Array, shape: number[]): Uint8Array =>
  new Uint8Array(dump(array, shape));

describe('vectors', () => {
  const values = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * 3));
  const labels = Int32Array.from({ length: 20 }, (_, i) => i % 2);

  it('.npy with labels beside it', async () => {
    const dataset = await readFiles({ 'x.npy': npy(values, [20, 3]), 'labels.npy': npy(labels, [20]) });
    expect(dataset.layout).toBe('labelled-vectors');
    expect(dataset.labels).toEqual(['0', '1']);
    expect(dataset.items.vectors).toEqual({ data: values, width: 3 });
    expect(dataset.items.line[4]).toBe(5);
  });

  it('.npy without labels, and with labels as text', async () => {
    expect((await readFiles({ 'x.npy': npy(values, [20, 3]) })).layout).toBe('vectors');
    const text = Array.from(labels, (label) => `class ${label}`).join('\n');
    const dataset = await readFiles({ 'x.npy': npy(values, [20, 3]), 'x.labels.txt': text });
    expect(dataset.labels).toEqual(['class 0', 'class 1']);
  });

  it('says when there are not as many labels as rows', async () => {
    const reading = readFiles({ 'x.npy': npy(values, [20, 3]), 'labels.txt': 'a\nb\n' });
    await expect(reading).rejects.toMatchObject({ code: 'labels-length', file: 'labels.txt' });
  });

  it('Parquet and JSON with lists of numbers', async () => {
    const rows = Array.from(labels, (label, i) => ({
      id: `k${i}`,
      embedding: [i, i * 2, -i],
      label: `l${label}`,
    }));
    const dataset = await readFiles({ 'x.jsonl': rows.map((row) => JSON.stringify(row)).join('\n') });
    expect(dataset.columns).toEqual({ vector: ['embedding'], label: 'label' });
    expect(dataset.items.vectors?.width).toBe(3);
    const numbers = parquetWriteBuffer({
      columnData: [
        { name: 'x', data: [...values.subarray(0, 20)], type: 'FLOAT' },
        { name: 'y', data: Array.from(values.subarray(20, 40)), type: 'DOUBLE' },
        { name: 'species', data: Array.from(labels, (label) => `l${label}`), type: 'STRING' },
      ],
    });
    const fromParquet = await readFiles({ 'train.parquet': new Uint8Array(numbers) });
    expect(fromParquet.columns).toEqual({ vector: ['x', 'y'], label: 'species' });
    expect(fromParquet.items.vectors?.data[0]).toBe(values[0]);
  });
});

describe('which delimiter', () => {
  it.each([
    ['a semicolon in every text', (i: number) => `what is thing ${i},it is good; number ${i}`],
    ['a bar in every text', (i: number) => `what is thing ${i},it is good | number ${i}`],
  ])('%s does not outweigh the header', async (_what, row) => {
    const dataset = await readFiles({ 'a.csv': csv('anchor,positive', 40, row) });
    expect(dataset.columns).toEqual({ anchor: 'anchor', positive: 'positive' });
    expect(dataset.items.content[1]).toContain('number 0');
  });

  it('commas in every text do not outweigh a header with semicolons', async () => {
    const text = csv('text;label', 40, (i) => `thing, number ${i} is good;${i % 2 === 0 ? 'a' : 'b'}`);
    expect((await readFiles({ 'a.csv': text })).columns).toEqual({ text: 'text', label: 'label' });
  });
});

describe('files beside the data', () => {
  it.each(['README', 'readme.txt', 'LICENSE.md', 'Source.rst', 'CITATION', 'infonce.json', '.x.csv'])(
    '%s is one',
    (name) => expect(isBeside(name)).toBe(true),
  );
  it.each(['source_text.csv', 'license_plates.csv', 'notice-board.tsv', 'README.csv', 'citation.jsonl'])(
    '%s is data',
    (name) => expect(isBeside(name)).toBe(false),
  );
});
