import { expect, test } from 'vitest';
import { othersOf } from '../../src/extension/panel/others';
import { tabName } from '../../src/extension/runs/beginning';
import type { RunDetails, RunHead } from '../../src/protocol/panel';

function head(run: string, patch: Partial<RunHead> = {}): RunHead {
  const dataset = { name: 'pairs', path: '/data/pairs' };
  return { run, name: run, state: 'completed', dataset, elsewhere: false, ...patch };
}

function begunAt(at: Date): Pick<RunHead, 'record'> {
  return { record: { createdAt: at.toISOString() } as RunDetails };
}

test('runs without a name are told apart on their tabs by when they began', () => {
  const now = new Date();
  now.setHours(12, 0, 5);
  const yesterday = new Date(now.getTime() - 86_400_000);
  const soon = new Date(now.getTime() + 1_000);
  const names = [now, soon, yesterday].map((at) => tabName(head(at.toISOString(), begunAt(at))));
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^pairs · .*00.0[56]/);
  expect(names[0]?.length).toBeLessThan(names[2]?.length ?? 0);
});

test('a run with a name, or one that has not begun, is called as everywhere', () => {
  expect(tabName(head('r', { name: 'first', ...begunAt(new Date()) }))).toBe('first');
  expect(tabName(head('job-1', { name: 'pairs', state: 'queued' }))).toBe('pairs');
});

test('neighbours are compared with those of other completed runs on the same data', () => {
  const all = [
    head('shown'),
    head('same'),
    head('running', { state: 'running' }),
    head('foreign', { dataset: { name: 'pairs', path: '/other/pairs' } }),
  ];
  expect(othersOf([head('shown')], all)).toEqual([{ run: 'same', name: 'pairs' }]);
});
