import { csv } from './data/fixtures';

const pdf = '%PDF-1.7 ...';
/** Folders that cannot be used: what is in them, the failure, and words of its message. */
export const fatal: [what: string, files: Record<string, string | Buffer>, expected: object, says: string][] =
  [
    ['an empty folder', {}, { code: 'empty-folder' }, 'is empty'],
    [
      'a folder of PDFs',
      { 'a.pdf': pdf, 'b.PDF': pdf, 'README.md': 'x' },
      { code: 'unsupported-files' },
      '2 .pdf; supported are .csv',
    ],
    [
      'a CSV of one column',
      { 'a.csv': csv('text', 30, (i) => `sentence number ${i}`) },
      { code: 'no-usable-column', file: 'a.csv' },
      'a.csv has one column, beginning with "text"',
    ],
    [
      'a text file of one text per line',
      { 'a.txt': csv('what is a thing', 30, (i) => `sentence number ${i}`) },
      { code: 'no-usable-column', file: 'a.txt' },
      'a.txt has one column',
    ],
    [
      'one object that holds the rows',
      { 'a.json': `{"data": [\n${'{"anchor": "a", "positive": "b"},\n'.repeat(20)}]}` },
      { code: 'no-usable-column', file: 'a.json' },
      'one object, not an array of objects',
    ],
    [
      'a CSV without a usable column',
      { 'a.csv': csv('id,when', 30, (i) => `k${i},2024-01-0${(i % 9) + 1}`) },
      { code: 'ambiguous-columns', file: 'a.csv' },
      '"when" (date, as "2024-01-01")',
    ],
    [
      'a header alone',
      { 'a.csv': 'anchor,positive\n' },
      { code: 'no-usable-column', file: 'a.csv' },
      '("anchor", "positive") but no rows',
    ],
    [
      'one class only',
      { 'a.csv': csv('text,label', 30, (i) => `sentence number ${i},same`) },
      { code: 'one-class', file: 'a.csv' },
      '"same"',
    ],
    [
      'all pairs equal',
      { 'a.csv': csv('anchor,positive', 30, () => 'the same words,and an answer') },
      { code: 'all-rows-equal', file: 'a.csv' },
      'all 30 rows are equal',
    ],
    [
      'all texts equal',
      { 'a.csv': csv('text,label', 30, (i) => `the same words,${i % 2}`) },
      { code: 'all-rows-equal', file: 'a.csv' },
      'all 30 rows are equal',
    ],
    [
      'all vectors equal',
      { 'a.csv': csv('x,y,label', 30, (i) => `1.5,2.5,${i % 2}`) },
      { code: 'all-rows-equal', file: 'a.csv' },
      'all 30 rows are equal',
    ],
    [
      'too few rows',
      { 'a.csv': csv('anchor,positive', 5, (i) => `a ${i},p ${i}`) },
      { code: 'too-few-rows', file: 'a.csv' },
      '5 usable training rows',
    ],
    ['a zero-byte file alone', { 'a.csv': '' }, { code: 'empty-file', file: 'a.csv' }, '0 bytes'],
    [
      'an unclosed quote at the end',
      { 'a.csv': `${csv('anchor,positive', 20, (i) => `a ${i},p ${i}`)}"open,p\nmore,p\n` },
      { code: 'unclosed-quote', file: 'a.csv', line: 22 },
      'a.csv, line 22',
    ],
    [
      'an unclosed quote before other quotes',
      { 'a.csv': csv('anchor,positive', 20, (i) => (i === 4 ? 'a,"open' : `"a, ${i}",p ${i}`)) },
      { code: 'unclosed-quote', file: 'a.csv', line: 6 },
      'a.csv, line 6',
    ],
    ...(['"a,b', 'a,"b', '"a'] as const).map((row): (typeof fatal)[number] => [
      `an unclosed quote in the first row: ${row}`,
      { 'a.csv': `anchor,positive\n${row}\n${'more a,more p\n'.repeat(30)}` },
      { code: 'unclosed-quote', file: 'a.csv', line: 2 },
      'a.csv, line 2',
    ]),
    ...(['"anchor,positive', 'anchor;"positive'] as const).map((header): (typeof fatal)[number] => [
      `an unclosed quote in the header: ${header}`,
      { 'a.csv': `${header}\n${'more a,more p\n'.repeat(30)}` },
      { code: 'unclosed-quote', file: 'a.csv', line: 1 },
      'a.csv, line 1',
    ]),
    [
      'an unclosed quote in the first of more rows than are looked at',
      { 'a.csv': `anchor,positive\n"a,b\n${'more of an anchor,more of a positive\n'.repeat(40_000)}` },
      { code: 'unclosed-quote', file: 'a.csv', line: 2 },
      'a.csv, line 2',
    ],
    [
      'a NUL byte',
      { 'a.csv': csv('anchor,positive', 30, (i) => `a ${i},${i === 4 ? 'p\0' : 'p'} ${i}`) },
      { code: 'binary-file', file: 'a.csv', line: 6 },
      'NUL byte',
    ],
    [
      'a matrix of another byte order',
      {
        'a.npy': Buffer.concat([
          Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 64, 0]),
          Buffer.from("{'descr': '>i2', 'fortran_order': False, 'shape': (2, 2), }".padEnd(64)),
          Buffer.alloc(8),
        ]),
      },
      { code: 'broken-npy', file: 'a.npy' },
      'save it as float32',
    ],
    [
      'one class with two examples',
      { 'a.csv': csv('text,label', 60, (i) => `sentence number ${i},${i === 5 ? 'rare' : 'big'}`) },
      { code: 'one-class', file: 'a.csv' },
      'the only class with two training examples is "big"',
    ],
    [
      'one user',
      { 'a.csv': csv('user,item', 40, (i) => `u1,i${i}`) },
      { code: 'rows-share-an-item', file: 'a.csv' },
      'the one user "u1"',
    ],
    [
      'one answer to everything',
      { 'a.csv': csv('anchor,positive', 40, (i) => `what a question ${i},yes of course`) },
      { code: 'rows-share-an-item', file: 'a.csv' },
      'the one positive "yes of course"',
    ],
    [
      'a list of images that all lead out of the folder',
      { 'a.csv': csv('image,label', 20, (i) => `../elsewhere/${i}.png,c${i % 2}`) },
      { code: 'unreadable-images', file: 'a.csv', line: 2 },
      'none of the 20 images listed in a.csv can be used: 20 lead out of the folder',
    ],
    [
      'a list of images that are not there',
      { 'a.csv': csv('image,label', 20, (i) => `p/${i}.png,c${i % 2}`) },
      { code: 'unreadable-images', file: 'a.csv', line: 2 },
      '20 are not there',
    ],
    [
      'no JSON in a JSONL file',
      { 'a.jsonl': 'hello\nworld\n' },
      { code: 'bad-json-line', file: 'a.jsonl', line: 1 },
      'line 1',
    ],
    [
      'a JSON array that is cut off',
      {
        'a.json': JSON.stringify(
          Array.from({ length: 20 }, (_, i) => ({ anchor: `a ${i}`, positive: `p ${i}` })),
        ).slice(0, -9),
      },
      { code: 'broken-json', file: 'a.json' },
      'cut off',
    ],
    [
      'a broken Parquet file',
      { 'a.parquet': Buffer.from('PAR1 nonsense PAR1') },
      { code: 'broken-parquet', file: 'a.parquet' },
      'a.parquet',
    ],
    [
      'a broken .npy file',
      { 'a.npy': Buffer.from('\x93NUMPY\x01\x00nonsense', 'latin1') },
      { code: 'broken-npy', file: 'a.npy' },
      'a.npy',
    ],
    [
      'a broken .gz file',
      { 'a.csv.gz': Buffer.from('not packed') },
      { code: 'broken-gzip', file: 'a.csv.gz' },
      'a.csv.gz',
    ],
    [
      'a binary file called .csv',
      { 'a.csv': Buffer.from([0, 1, 2, 3, 0]) },
      { code: 'binary-file', file: 'a.csv' },
      'a.csv',
    ],
    [
      'images of which none can be read',
      { 'a/1.png': 'x', 'b/2.jpg': 'y' },
      { code: 'unreadable-images', file: 'a/1.png' },
      'not one of 2 images',
    ],
  ];
