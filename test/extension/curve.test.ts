import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CurveReader, sparkline } from '../../src/extension/runs/curve';
import { temporaryFolder } from '../cli/support';

const step = (n: number, loss: number) => `{"event":"step","step":${n},"epoch":0,"loss":${loss}}\n`;
const evaluated = (n: number, value: number | string) =>
  `{"event":"evaluated","step":${n},"split":"dev","metrics":{"split":"dev","mrr@10":${value}}}\n`;

test('a log is read on, a torn line when it is whole', async () => {
  const file = path.join(await temporaryFolder(), 'metrics.jsonl');
  const reader = new CurveReader(file, 'mrr@10');
  expect(await reader.read()).toEqual({ values: [] });
  await writeFile(file, step(1, 3) + evaluated(1, 0.25) + step(2, 2).slice(0, 20));
  expect(await reader.read()).toEqual({ values: [0.25], lastStep: { step: 1, loss: 3 } });
  await appendFile(file, step(2, 2).slice(20) + evaluated(2, 0.5));
  expect(await reader.read()).toEqual({ values: [0.25, 0.5], lastStep: { step: 2, loss: 2 } });
});

test('what a resumed run does again counts once, and what is no number is left out', async () => {
  const file = path.join(await temporaryFolder(), 'metrics.jsonl');
  await writeFile(
    file,
    `${evaluated(1, 0.1) + evaluated(2, 0.2) + evaluated(3, 0.9)}{"event":"resumed","step":2}\n${evaluated(3, 0.3)}${evaluated(4, '"NaN"')}`,
  );
  expect((await new CurveReader(file, 'mrr@10').read()).values).toEqual([0.1, 0.2, 0.3]);
});

test('an evaluation that is done again replaces the one before it, and those after that', async () => {
  const file = path.join(await temporaryFolder(), 'metrics.jsonl');
  const reader = new CurveReader(file, 'mrr@10');
  await writeFile(file, evaluated(0, 0.05) + evaluated(2, 0.2));
  expect((await reader.read()).values).toEqual([0.05, 0.2]);
  await appendFile(file, `{"event":"resumed","step":2}\n${evaluated(2, 0.25)}${evaluated(4, 0.4)}`);
  expect((await reader.read()).values).toEqual([0.05, 0.25, 0.4]);
  await appendFile(file, evaluated(0, 0.06));
  expect((await reader.read()).values).toEqual([0.06]);
});

test('a log that was replaced by a shorter one is read from its start', async () => {
  const file = path.join(await temporaryFolder(), 'metrics.jsonl');
  await writeFile(file, evaluated(1, 0.1) + evaluated(2, 0.2));
  const reader = new CurveReader(file, 'mrr@10');
  await reader.read();
  await writeFile(file, evaluated(1, 0.7));
  expect((await reader.read()).values).toEqual([0.7]);
});

test('block letters span the range of the values, however many there are', () => {
  expect(sparkline([0.5])).toBe('');
  expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8])).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([2, 2, 2])).toBe('▄▄▄');
  const many = sparkline(Array.from({ length: 1000 }, (_, i) => i));
  expect(many).toHaveLength(12);
  expect([many[0], many.at(-1)]).toEqual(['▁', '█']);
});
