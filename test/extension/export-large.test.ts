import { execFileSync } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { exportEmbeddings } from '../../src/extension/export/embeddings';
import { sharedFolder } from '../cli/support';
import { canMount, program, temporaryFolder } from '../unit/run/support';
import { makeRun } from './export-support';

const rows = 200_000;
const columns = 64;

let run: string;
beforeAll(async () => {
  run = await makeRun(path.join(await sharedFolder(), 'runs'), rows, columns);
});

/**
 * In a process of its own there is nothing but the export. The longest block is told in processor time: in time on a
 * clock it would be that of whatever else the machine does.
 */
const source = `
  import { exportEmbeddings } from '../../../src/extension/export/embeddings';

  function usedMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
  const [run, folder] = process.argv.slice(2);
  const before = process.memoryUsage.rss();
  let peak = before;
  let turns = 0;
  let longestMs = 0;
  let last = usedMs();
  let going = true;
  function turn() {
    const now = usedMs();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (turns++ % 50 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    if (going) setImmediate(turn);
  }
  turn();
  exportEmbeddings(run, { folder, replace: false }, ['numpy', 'projector']).then(() => {
    going = false;
    console.log(JSON.stringify({ grownMiB: (peak - before) / 2 ** 20, longestMs }));
  });`;

test('it takes less memory than the matrix and its items, and others have their turn', async () => {
  const folder = await temporaryFolder();
  const script = await program(folder, source);
  const target = path.join(folder, 'exported');
  const output = execFileSync(process.execPath, [script, run, target], { encoding: 'utf8' });
  const { grownMiB, longestMs } = JSON.parse(output);
  // Held as a whole they are 130 MiB.
  expect(grownMiB).toBeLessThan(90);
  expect(longestMs).toBeLessThan(60);
  const { size } = await stat(path.join(target, 'embeddings.npy'));
  expect(size).toBeGreaterThan(rows * columns * 4);
  expect((await readdir(target)).sort()).toEqual([
    'embeddings.npy',
    'items.jsonl',
    'metadata.tsv',
    'vectors.tsv',
  ]);
});

test.each(['embeddings.npy', 'items.jsonl', 'vectors.tsv', 'metadata.tsv'])(
  'cancelled while %s is written, it leaves what was there before, and nothing else',
  async (during) => {
    const folder = await temporaryFolder();
    const target = { folder: path.join(folder, 'exported'), replace: true };
    await mkdir(target.folder);
    await writeFile(path.join(target.folder, 'old.txt'), 'kept');
    const ending = new AbortController();
    const reason = new Error('enough');
    const shares: number[] = [];
    const exporting = exportEmbeddings(run, target, ['numpy', 'projector'], {
      signal: ending.signal,
      onProgress: (name, share) => {
        if (name !== during) return;
        shares.push(share);
        if (share > 0.1) ending.abort(reason);
      },
    });
    await expect(exporting).rejects.toBe(reason);
    expect(shares.at(-1)).toBeLessThan(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(await readdir(folder)).toEqual(['exported']);
    expect(await readdir(target.folder)).toEqual(['old.txt']);
  },
);

describe.skipIf(!canMount())('on a disk of its own', () => {
  const writing = `
    import { readdirSync } from 'node:fs';
    import { exportEmbeddings } from '../../../src/extension/export/embeddings';
    const [run, disk] = process.argv.slice(2);
    exportEmbeddings(run, { folder: disk + '/exported', replace: false }, ['numpy']).then(
      () => console.log('written'),
      ({ code, message, file }) => console.log(JSON.stringify({ code, message, file, left: readdirSync(disk) })),
    );`;
  test.each([
    ['full', '', 'disk-full'],
    ['read-only', 'mount -o remount,ro "$1" &&', 'read-only'],
  ])('a %s one is told by its name, and nothing is left on it', async (_what, prepare, code) => {
    const folder = await temporaryFolder();
    const script = await program(folder, writing);
    const disk = path.join(folder, 'disk');
    await mkdir(disk);
    const shell = `mount -t tmpfs -o size=4m none "$1" && ${prepare} "$2" "$3" "$4" "$1"`;
    const shown = ['-Urm', 'sh', '-c', shell, 'sh', disk, process.execPath, script, run];
    const told = JSON.parse(execFileSync('unshare', shown, { encoding: 'utf8' }));
    expect(told).toMatchObject({ code, file: path.join(disk, 'exported'), left: [] });
    expect(told.message).toContain(path.join(disk, 'exported'));
    expect(told.message).not.toContain('.tmp-');
  });
});
