import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemsByFile } from '../../src/extension/problem-places';
import { foundInDatasets } from '../../src/extension/runs/found';
import type { InspectReport, Problem } from '../../src/protocol/dataset';
import type { RunDetails, RunHead } from '../../src/protocol/panel';
import { temporaryFolder } from '../cli/support';

function problem(message: string, place: Pick<Problem, 'file' | 'line'> = {}): Problem {
  return { severity: 'warning', code: 'x', message, ...place };
}

function report(...problems: Problem[]): InspectReport {
  return { layout: 'pairs', ready: true, splits: {}, columns: {}, problems, examples: [] };
}

const record = { createdAt: '2026-11-23T19:32:05.000Z' } as RunDetails;

function head(patch: Partial<RunHead>): RunHead {
  const dataset = { name: 'pairs', path: '/data/pairs' };
  return { run: 'r', name: 'r', state: 'completed', dataset, elsewhere: false, ...patch };
}

describe('what is known of a dataset', () => {
  test('is what its newest run found, and when that read it', () => {
    const found = foundInDatasets([
      head({ record, report: report(problem('new')) }),
      head({ record, report: report(problem('old')) }),
      head({ record, report: report(problem('other')), dataset: { name: 'b', path: '/b' } }),
    ]);
    expect([...found].map(([path, { problems }]) => [path, problems[0]?.message])).toEqual([
      ['/data/pairs', 'new'],
      ['/b', 'other'],
    ]);
    expect(found.get('/b')?.readAt).toBe(Date.parse(record.createdAt));
  });

  test('is nothing once a newer run found nothing, and stays while one waits or reads', () => {
    const old = head({ record, report: report(problem('old')) });
    expect(foundInDatasets([head({ record }), old]).get('/data/pairs')?.problems).toEqual([]);
    const reading = head({ state: 'starting' });
    const waiting = head({ state: 'queued', record, report: report() });
    expect(foundInDatasets([waiting, reading, old]).get('/data/pairs')?.problems).toHaveLength(1);
    expect(foundInDatasets([])).toEqual(new Map());
  });

  test('has the place of a failure, once', () => {
    const failure = { code: 'bad-image', message: 'cut off', file: 'a.png' };
    const failed = head({ state: 'failed', record, report: report(problem('w')), failure });
    expect(foundInDatasets([failed]).get('/data/pairs')?.problems).toEqual([
      problem('w'),
      { severity: 'error', ...failure },
    ]);
    const error: Problem = { severity: 'error', ...failure };
    const refused = head({ state: 'failed', report: { ...report(error), ready: false }, failure });
    expect(foundInDatasets([refused]).get('/data/pairs')?.problems).toEqual([error]);
    const resumed = head({ state: 'running', record, failure });
    expect(foundInDatasets([resumed]).get('/data/pairs')?.problems).toEqual([]);
  });
});

describe('the place of a problem', () => {
  test('is its file, the settings, or the dataset', async () => {
    const folder = await temporaryFolder();
    const data = path.join(folder, 'data.csv');
    const settings = path.join(folder, 'infonce.json');
    await writeFile(data, 'a,b\n');
    const inFile = problem('row', { file: 'data.csv', line: 1 });
    const ofSetting = problem('train.temperature: too small');
    expect(problemsByFile(folder, [inFile, problem('all')])).toEqual(
      new Map([
        [data, [inFile]],
        [folder, [problem('all')]],
      ]),
    );
    expect(problemsByFile(data, [inFile, problem('all')])).toEqual(
      new Map([[data, [inFile, problem('all')]]]),
    );
    await writeFile(settings, '{\n  "train": {\n    "temperature": 0,\n    "epohcs": 1\n  }\n}\n');
    const key = problem('Unrecognized key: "epohcs"', { file: 'infonce.json' });
    expect(problemsByFile(folder, [ofSetting, key, problem('all')])).toEqual(
      new Map([[settings, [{ ...ofSetting, line: 3 }, { ...key, line: 4 }, problem('all')]]]),
    );
  });

  test('is left out where the file was changed since, and a folder is not a file', async () => {
    const folder = path.join(await temporaryFolder(), 'pairs');
    await mkdir(folder);
    const before = new Date('2026-01-01T00:00:00Z');
    const problems: Problem[] = [problem('all')];
    for (const name of ['old.csv', 'mended.csv']) {
      await writeFile(path.join(folder, name), 'a,b\n');
      problems.push(problem('row', { file: name, line: 1 }), problem('row', { file: name, line: 2 }));
    }
    await utimes(path.join(folder, 'old.csv'), before, before);
    const found = problemsByFile(folder, problems, before.getTime() + 1_000);
    expect([...found.keys()]).toEqual([folder, path.join(folder, 'old.csv')]);
    expect(found.get(path.join(folder, 'old.csv'))).toHaveLength(2);
    // A file that is gone has nothing to be mended in, and is told all the same.
    expect(problemsByFile(folder, [problem('x', { file: 'gone.csv' })], 0).size).toBe(1);
  });
});
