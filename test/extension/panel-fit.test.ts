import { expect, it } from 'vitest';
import { RunFeed } from '../../src/extension/panel/feed';
import { answerLimit, fit, fitTexts } from '../../src/extension/panel/fit';
import { headOf } from '../../src/extension/panel/head';
import { firstThatFit, sizeOf } from '../../src/extension/panel/size';
import { Teller } from '../../src/extension/panel/teller';
import type { ItemView } from '../../src/protocol/explore';
import type { EvaluationView } from '../../src/protocol/panel';
import { runsWith } from './panel-support';

it('counts bytes as JSON has them', () => {
  for (const value of ['a', 'ä', '\u0001"\\', '\ud800', ['x', 1, { y: null }], { long: 'z'.repeat(100) }])
    expect(sizeOf(value)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(value)));
  expect(sizeOf('\u0001'.repeat(100))).toBe(602);
});

function all(items: readonly ItemView[]): readonly ItemView[] {
  return fit(items, items.length, (change) => items.map(change));
}

it('cuts items only where they are too large together, and marks what it cut', () => {
  const few = Array.from({ length: 100 }, (_, row) => ({ row, id: 'a', content: 'c'.repeat(400) }));
  expect(all(few)).toBe(few);
  const place = { path: `${'p'.repeat(100)}.png`, image: `https://page/${'p'.repeat(100)}.png` };
  const many = Array.from({ length: 400 }, (_, row) => ({
    row,
    id: 'a',
    content: '\u0001'.repeat(400),
    ...place,
  }));
  const cut = all(many);
  expect(sizeOf(cut)).toBeLessThanOrEqual(answerLimit);
  for (const item of cut) {
    expect(item).toMatchObject({ cut: true, ...place });
    expect(item.content).toMatch(/…$/);
  }
  const long = '漢'.repeat(4_000);
  // Where even the places are too long, there is an item without one.
  const far = many.map(({ row, id, content }) => ({ row, id, content, path: long, image: long }));
  expect(sizeOf(all(far))).toBeLessThanOrEqual(answerLimit);
  expect(all(far)[0]).not.toHaveProperty('path');
});

it('shortens texts as little as it takes', () => {
  const value = { texts: ['a'.repeat(3_000), 'b'], number: 7, columns: Float32Array.of(1) };
  expect(fitTexts(value, 5_000)).toBe(value);
  const shorter = fitTexts(value, 2_500);
  expect(shorter.texts.map((text) => text.length)).toEqual([2_000, 1]);
  expect(shorter.number).toBe(7);
  expect(shorter.columns).toBe(value.columns);
});

it('keeps the first of a list that fit', () => {
  const list = ['aaaa', 'bbbb', 'cccc'];
  expect(firstThatFit(list, 14)).toEqual(['aaaa', 'bbbb']);
  expect(firstThatFit(list, 1_000)).toBe(list);
});

it('says how many problems of a report are left out', () => {
  const problems = Array.from({ length: 150 }, (_, i) => ({
    severity: 'warning' as const,
    code: 'long',
    message: `${i} ${'m'.repeat(2_000)}`,
  }));
  const report = { layout: null, ready: true, splits: {}, columns: {}, problems, examples: [] };
  const dataset = { name: 'data', path: '/data' };
  const head = headOf({ run: 'r', name: 'r', state: 'running', dataset, elsewhere: false, report }, {});
  const shown = head.report?.problems ?? [];
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.at(-1)).toMatchObject({
    code: 'more',
    message: `and ${problems.length - shown.length + 1} more: the Problems view lists all`,
  });
});

function evaluation(step: number, bins: number): EvaluationView {
  const histogram = { positives: new Uint32Array(bins), negatives: new Uint32Array(bins) };
  return { step, seconds: step, metrics: { split: 'dev', loss: 1 }, histogram };
}

it('passes over an evaluation that no message holds, and goes on to the next', () => {
  const feed = new RunFeed('job-1', runsWith(undefined));
  feed.evaluations.push(evaluation(1, 50), evaluation(2, 50_000), evaluation(3, 50));
  const told: number[] = [];
  const teller = new Teller(
    [feed],
    () => ({ mode: 'run', others: [] }),
    (name, fact) => {
      if (name === 'evaluations' && 'evaluations' in fact)
        told.push(...(fact.evaluations as EvaluationView[]).map(({ step }) => step));
    },
  );
  let facts = 0;
  while (teller.next() && facts < 20) facts++;
  expect(facts).toBeLessThan(20);
  expect(told).toEqual([1, 3]);
});
