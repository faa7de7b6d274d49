import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../scripts/lib/lock.mjs';
import { formatAnswers, parseNeighbours } from '../../scripts/lib/look-ups.mjs';
import { ensurePackages } from '../../scripts/lib/packages.mjs';
import { root } from '../../scripts/lib/places.mjs';
import { progress } from '../../scripts/lib/progress.mjs';
import { countTests } from '../../scripts/lib/test-counts.mjs';
import { parseData, parseSenses, selectCommon, splitEntries } from '../../scripts/lib/wordnet.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infonce-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('installs nothing where node_modules came from the same lock file', async () => {
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'node_modules/.infonce-packages'),
    createHash('sha256').update('{}').digest('hex'),
  );
  expect(await ensurePackages(folder)).toBe(false);
});

describe('the lock of a clone', () => {
  it('lets one work at a time', async () => {
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 30));
      log.push(`${name} ends`);
    };
    const path = join(folder, 'build/setup.lock');
    let waited = 0;
    const onWait = () => waited++;
    await Promise.all([withLock(path, work('a'), onWait), withLock(path, work('b'), onWait)]);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(waited).toBe(1);
  });

  it('is taken over from a process that is gone, and let go after a failure', async () => {
    const path = join(folder, 'setup.lock');
    writeFileSync(path, '999999999');
    const failing = withLock(
      path,
      () => Promise.reject(new Error('broken')),
      () => {},
    );
    await expect(failing).rejects.toThrow('broken');
    expect(
      await withLock(
        path,
        async () => 'done',
        () => {},
      ),
    ).toBe('done');
  });
});

it('shows progress as one line on a terminal, and sparsely elsewhere', () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const bar = progress('Downloading', 200e6, { isTTY: true, write });
  bar.update(50e6);
  bar.done();
  expect(written.join('')).toBe(
    '\rDownloading: 50 of 200 MB (25 %)\u001B[K\rDownloading: 200 of 200 MB (100 %)\u001B[K\n',
  );
  written.length = 0;
  const quiet = progress('Downloading', 200e6, { write });
  quiet.update(50e6);
  quiet.done();
  expect(written).toEqual(['Downloading: 200 of 200 MB (100 %)\n']);
});

const tests = (...list: string[]) => list.map((status) => ({ status }));

it('counts a test file that does not load as a failure', () => {
  const testResults = [
    { status: 'passed', assertionResults: tests('passed', 'passed', 'pending') },
    { status: 'failed', assertionResults: tests('failed', 'passed', 'todo', 'skipped') },
    { status: 'failed', assertionResults: [] },
  ];
  expect(countTests({ testResults })).toEqual({ passed: 3, failed: 2, skipped: 3 });
});

it('prints one line of words for each question', () => {
  const neighbours = parseNeighbours(
    '{"content":"cobbler","similarity":0.914}\n{"content":"shoemaker","similarity":0.9}\n',
  );
  const answers = [
    { question: 'mends shoes', neighbours },
    { question: 'rain', neighbours: [] },
  ];
  expect(formatAnswers(answers)).toBe('  mends shoes  cobbler 0.91  shoemaker 0.90\n  rain         \n');
});

describe('the reverse dictionary', () => {
  const senses = parseSenses(
    [
      'cobbler%1:18:00:: 00000001 1 1',
      'shoemaker%1:18:00:: 00000001 1 0',
      'snob%1:18:00:: 00000001 2 0',
      'cobbler%1:13:01:: 00000002 3 0',
      'alert%5:00:00:: 00000003 1 4',
    ].join('\n'),
  );
  const nouns = parseData(
    [
      '  1 licence text | not data',
      '00000001 18 n 03 cobbler 0 shoemaker 0 snob 0 000 | a person who makes or repairs shoes; "he took them to a cobbler"',
      '00000002 13 n 01 cobbler 0 000 | a pie made of fruit with rich biscuit dough on top',
      '00000004 13 n 0b a 0 b 0 c 0 d 0 e 0 f 0 g 0 h 0 i 0 j 0 hot_dog 0 000 | food on a bun',
    ].join('\n'),
    '1',
  );
  const adjectives = parseData('00000003 00 s 01 alert(p) 0 000 | very attentive or observant', '3');

  it('reads counts in hexadecimal, cuts examples off and drops the position of adjectives', () => {
    expect(nouns.map(({ senses }) => senses.length)).toEqual([3, 1, 11]);
    expect(nouns[2]?.senses[10]?.word).toBe('hot_dog');
    expect(nouns[0]?.definition).toBe('a person who makes or repairs shoes');
    expect(adjectives[0]?.senses).toEqual([{ word: 'alert', key: '300000003alert' }]);
  });

  it('keeps common meanings with the words that have them first', () => {
    expect(selectCommon([...nouns, ...adjectives], senses)).toEqual([
      { definition: 'a person who makes or repairs shoes', words: ['cobbler', 'shoemaker'] },
      { definition: 'very attentive or observant', words: ['alert'] },
    ]);
  });

  it('holds out only definitions whose words train has too, and no definition twice', () => {
    const entries = Array.from({ length: 40 }, (_, i) => ({
      definition: `definition ${i}`,
      words: [`word ${i % 10}`, ...(i % 2 ? [`rare ${i}`] : [])],
    }));
    const { train, dev, test } = splitEntries(entries, { dev: 5, test: 5 });
    const definitions = [train, dev, test].map((pairs) => new Set(pairs.map(({ definition }) => definition)));
    expect(definitions.map(({ size }) => size)).toEqual([30, 5, 5]);
    expect(new Set([...train, ...dev, ...test].map(({ definition }) => definition)).size).toBe(40);
    const known = new Set(train.map(({ word }) => word));
    expect([...dev, ...test].filter(({ word }) => !known.has(word))).toEqual([]);
    expect(splitEntries(entries.toReversed(), { dev: 5, test: 5 }).test.length).toBe(test.length);
  });
});

it('pins the source of the add-on that set-up compiles', () => {
  const folder = join(root, 'src/engine/tensorflow');
  const pinned = JSON.parse(readFileSync(join(folder, 'libtensorflow.json'), 'utf8')) as {
    binding: { stderr: string };
  };
  const source = readFileSync(join(folder, 'stderr.cc'));
  expect(createHash('sha256').update(source).digest('hex')).toBe(pinned.binding.stderr);
});
