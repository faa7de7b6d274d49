import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MetricsLog, type MetricsRow, readMetrics } from '../../../src/engine/run/metrics-log';
import { temporaryFolder } from './support';

const rows: MetricsRow[] = [
  { event: 'step', step: 1, loss: 0.5 },
  { event: 'step', step: 2, loss: Number.NaN },
  { event: 'evaluated', step: 2, metrics: { split: 'dev', rank: Number.NEGATIVE_INFINITY } },
];

async function written(lines: readonly MetricsRow[]): Promise<string> {
  const file = path.join(await temporaryFolder(), 'metrics.jsonl');
  const log = new MetricsLog(file);
  for (const row of lines) log.append(row);
  log.flush();
  log.close();
  log.close();
  return file;
}

test('rows come back, non-finite numbers spelled out in the file', async () => {
  const file = await written(rows);
  expect(await readMetrics(file)).toEqual({ rows, damaged: 0 });
  expect((await readFile(file, 'utf8')).split('\n')[1]).toBe('{"event":"step","step":2,"loss":"NaN"}');
});

test('a log cut at any byte gives its whole rows, and can be continued', async () => {
  const file = await written(rows);
  const whole = await readFile(file);
  for (let size = 0; size <= whole.length; size++) {
    await writeFile(file, whole.subarray(0, size));
    const before = await readMetrics(file);
    expect(before.rows).toEqual(rows.slice(0, before.rows.length));
    expect(before.rows.length).toBeGreaterThanOrEqual(
      whole.subarray(0, size).toString().split('\n').length - 1,
    );
    const log = new MetricsLog(file);
    log.append({ event: 'step', step: 3 });
    log.close();
    expect((await readFile(file)).subarray(0, size)).toEqual(whole.subarray(0, size));
    expect(await readMetrics(file)).toEqual({
      rows: [...before.rows, { event: 'step', step: 3 }],
      damaged: before.damaged,
    });
  }
});

test('damage in the middle costs that line alone, and is counted', async () => {
  const file = await written(rows);
  await appendFile(file, 'x\n[1]\n"text"\n\n');
  const log = new MetricsLog(file);
  log.append({ event: 'step', step: 3 });
  log.close();
  expect(await readMetrics(file)).toEqual({ rows: [...rows, { event: 'step', step: 3 }], damaged: 3 });
});

function step(n: number, loss: number): MetricsRow {
  return { event: 'step', step: n, loss };
}

test('steps that were done again after a resume count once', async () => {
  const file = await written([
    step(1, 1),
    step(2, 2),
    step(3, 3),
    { event: 'resumed', step: 1 },
    step(2, 20),
    { event: 'resumed', step: 2 },
    step(3, 30),
  ]);
  const { rows: read } = await readMetrics(file);
  expect(read.filter(({ event }) => event === 'step')).toEqual([step(1, 1), step(2, 20), step(3, 30)]);
});

test('a run that has not begun has no rows', async () => {
  expect(await readMetrics(path.join(await temporaryFolder(), 'metrics.jsonl'))).toEqual({
    rows: [],
    damaged: 0,
  });
});
