import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { programName } from '../../src/cli/invocation';
import { verdict } from '../../src/cli/metrics-table';
import { bytes, cut, displayWidth, duration, oneLine, table } from '../../src/cli/text';
import { problemLine } from '../../src/cli/words';
import { layer } from '../../src/engine/train/settings';
import type { Metrics } from '../../src/protocol/run';

test.each([
  ['abc', 3],
  ['한국', 4],
  ['e\u0301', 1],
  ['\u{1F600}', 2],
  ['a\u200bb', 2],
])('%s takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 4, 'abc…'],
  ['abc def', 5, 'abc…'],
  ['한국어', 5, '한국…'],
  ['한국어', 4, '한…'],
])('%s in %i columns is %s', (text, width, expected) => {
  expect(cut(text, width)).toBe(expected);
  expect(displayWidth(cut(text, width))).toBeLessThanOrEqual(width);
});

test('data cannot move the cursor, turn the direction, or start a line', () => {
  expect(oneLine(' a\r\n\u001b[2Jb\u202ec\u0085d ')).toBe('a [2Jbc d');
});

test('a table is aligned by what is seen', () => {
  const rows = [
    ['한국', '1', 'x'],
    ['a', '10', ''],
  ];
  expect(table(rows, ['left', 'right'])).toEqual(['한국   1  x', 'a     10']);
});

test.each([
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.6, '1 min 0 s'],
  [3599, '59 min 59 s'],
  [3600, '1 h 0 min'],
  [7300, '2 h 2 min'],
])('%d seconds are %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

test.each([
  [1, '1 kB'],
  [2_500_000, '2.5 MB'],
  [3e9, '3.0 GB'],
])('%d bytes are %s', (number, expected) => {
  expect(bytes(number)).toBe(expected);
});

function at(value: number): Metrics {
  return { split: 'dev', 'mrr@10': value, loss: value };
}

describe('the verdict', () => {
  const kind = { layout: 'pairs', kind: 'text', rows: 1000 } as const;

  test('names every baseline that is better', () => {
    const baselines = { untrained: at(0.4), model_free: at(0.9) };
    expect(verdict(at(0.5), baselines, kind)).toBe(
      'BELOW THE BASELINE: mrr@10 0.5000 is worse than TF-IDF (0.9000).',
    );
    expect(verdict(at(0.3), baselines, kind)).toContain('the untrained model (0.4000) and TF-IDF (0.9000)');
    expect(verdict(at(0.9), baselines, kind)).toContain('at least as good as');
  });

  test('calls level what differs by less than the sampling error', () => {
    const baselines = { untrained: at(0.4), model_free: at(0.9) };
    expect(verdict(at(0.895), baselines, kind)).toBe(
      'LEVEL WITH THE BASELINE: mrr@10 0.8950 is below TF-IDF (0.9000) by less than the sampling error of 1,000 rows.',
    );
    expect(verdict(at(0.88), baselines, kind)).toContain('BELOW THE BASELINE');
  });

  test('knows that a loss should be low', () => {
    const baselines = { untrained: at(2), model_free: { split: 'dev' } } as const;
    expect(verdict(at(3), baselines, { layout: 'vectors', kind: 'vector', rows: 9 })).toContain(
      'BELOW THE BASELINE: loss',
    );
    expect(verdict(at(1), baselines, { layout: 'vectors', kind: 'vector', rows: 9 })).toContain(
      'at least as good',
    );
  });

  test('says that figures of the training rows are such', () => {
    const train = { split: 'train', 'mrr@10': 0.5 } as const;
    expect(verdict(train, { untrained: train, model_free: train }, kind)).toContain(
      'of the training rows themselves',
    );
  });

  test('says nothing where nothing can be compared', () => {
    const bare = { split: 'dev' } as const;
    expect(verdict(bare, { untrained: bare, model_free: bare }, kind)).toBeUndefined();
  });
});

test.each([
  [['/usr/bin/infonce', {}], 'infonce'],
  [['/usr/bin/infonce', { npm_lifecycle_event: 'start' }], 'infonce'],
  [['/somewhere/dist/cli.js', { npm_lifecycle_event: 'infonce' }], 'npm run infonce --'],
  [['/somewhere/dist/cli.js', {}], 'node /somewhere/dist/cli.js'],
  [[path.resolve('dist/cli.js'), {}], 'node dist/cli.js'],
  [['/some where/cli.js', {}], "node '/some where/cli.js'"],
] as const)('%j is started as %s', ([script, env], expected) => {
  expect(programName(script, env)).toBe(expected);
});

test.each([
  [{ message: 'rows are left out', line: 7, count: 7 }, 'rows are left out (a.csv:7, 7 times)'],
  [{ message: 'rows of a.csv, 3 in all', count: 3 }, 'rows of a.csv, 3 in all (3 times)'],
  [{ message: '1,500 rows repeating', line: 2, count: 1500 }, '1,500 rows repeating (a.csv:2)'],
  [{ message: '15 rows repeating', line: 2, count: 150 }, '15 rows repeating (a.csv:2, 150 times)'],
  [{ message: 'a row is odd', line: 2, count: 1 }, 'a row is odd (a.csv:2)'],
])('%j in a line', (found, expected) => {
  expect(problemLine({ severity: 'warning', code: 'x', file: 'a.csv', ...found })).toBe(expected);
});

test('later settings win one by one', () => {
  const base = { epochs: 3, text: { dense: 8 }, image: { blocks: [4], augment: { noise: 1, shift: 0.5 } } };
  const over = { epochs: 1, temperature: 0.1, image: { augment: { noise: 2 } } };
  expect(layer(base, over)).toEqual({
    epochs: 1,
    temperature: 0.1,
    text: { dense: 8 },
    image: { blocks: [4], augment: { noise: 2, shift: 0.5 } },
  });
  expect(layer({}, {})).toEqual({});
});
