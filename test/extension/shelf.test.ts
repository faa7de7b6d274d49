import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { RunFeed } from '../../src/extension/panel/feed';
import { Shelf } from '../../src/extension/runs/shelf';
import type { RunRecord } from '../../src/protocol/run';
import { buildProgram, run, sharedFolder, temporaryFolder, writePairs } from '../cli/support';
import { openPage, runsWith } from './panel-support';

let trained = '';
beforeAll(async () => {
  buildProgram();
  const folder = await sharedFolder();
  const data = path.join(folder, 'data');
  await writePairs(data, 60);
  // A row that is there twice, and one without its positive.
  const text = await readFile(path.join(data, 'data.csv'), 'utf8');
  await writeFile(path.join(data, 'data.csv'), `${text}${text.split('\n')[1]}\nwho made nothing,\n`);
  const { code, stderr } = await run(['train', 'data', '--epochs', '1', '--dimensions', '8'], folder);
  if (code !== 0) throw new Error(stderr);
  const [id = ''] = await readdir(path.join(folder, '.infonce/runs'));
  trained = path.join(folder, '.infonce/runs', id);
}, 120_000);

const warned = [
  { severity: 'warning', code: 'duplicates', file: 'data.csv', line: 62 },
  { severity: 'warning', code: 'empty-cells', file: 'data.csv', line: 63 },
];

test('what the pre-flight warned of is known of a run that the command line trained', async () => {
  const shelved = await new Shelf(() => undefined).read(trained);
  const problems = [...(shelved?.head.report?.problems ?? [])];
  expect(problems.sort((a, b) => a.code.localeCompare(b.code))).toMatchObject(warned);
  expect(shelved?.head.report).toMatchObject({ ready: true, layout: 'pairs' });
  const feed = new RunFeed(path.basename(trained), runsWith(trained, shelved?.head));
  await feed.poll();
  const page = openPage([feed]);
  await page.until(() => page.facts('findings').length > 0);
  expect(page.facts('snapshot')[0]?.runs[0]?.report?.problems).toEqual(shelved?.head.report?.problems);
});

test('a run of which nothing was warned has no report', async () => {
  const folder = path.join(await temporaryFolder(), path.basename(trained));
  await cp(trained, folder, { recursive: true });
  const file = path.join(folder, 'run.json');
  const { problems, ...record } = JSON.parse(await readFile(file, 'utf8')) as RunRecord;
  expect(problems).toHaveLength(warned.length);
  await writeFile(file, JSON.stringify(record));
  const shelved = await new Shelf(() => undefined).read(folder);
  expect(shelved?.head.state).toBe('completed');
  expect(shelved?.head).not.toHaveProperty('report');
});

test('a run that is deleted is taken off, and told', async () => {
  const folder = path.join(await temporaryFolder(), path.basename(trained));
  await mkdir(folder);
  await cp(trained, folder, { recursive: true });
  const told: string[] = [];
  const shelf = new Shelf((id) => told.push(id));
  await shelf.read(folder);
  await rm(folder, { recursive: true });
  expect(await shelf.read(folder)).toBeUndefined();
  expect(shelf.list()).toEqual([]);
  expect(told).toEqual([path.basename(trained), path.basename(trained)]);
});
