import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commitFile, removeTemporaryFiles } from '../../../src/engine/run/files';
import { canMount, program, refusal, temporaryFolder } from './support';

test.each([
  ['text', 'grüße', 'grüße'],
  ['bytes', Buffer.from('abc'), 'abc'],
  ['chunks', [Buffer.from('ab'), Buffer.alloc(0), Buffer.from('c')], 'abc'],
])('%s replace the old file, and nothing else is left', async (_what, content, expected) => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'a'), 'old and longer than the new one');
  await commitFile(path.join(folder, 'a'), content);
  expect(await readFile(path.join(folder, 'a'), 'utf8')).toBe(expected);
  expect(await readdir(folder)).toEqual(['a']);
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('half of the new'));
  throw new Error('no more');
}

test('content that fails on the way leaves the old file as it was', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'a'), 'old');
  await expect(commitFile(path.join(folder, 'a'), failing())).rejects.toThrow('no more');
  expect(await readFile(path.join(folder, 'a'), 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a']);
});

test('the user is told which path and what to do', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'file'), '');
  await mkdir(path.join(folder, 'taken'));
  const cases: [string, string][] = [
    [path.join(folder, 'missing', 'a'), 'path-missing'],
    [path.join(folder, 'file', 'a'), 'not-a-folder'],
    [path.join(folder, 'taken'), 'is-a-folder'],
    [path.join(folder, 'x'.repeat(300)), 'name-too-long'],
  ];
  for (const [file, code] of cases) {
    const error = await refusal(commitFile(file, 'x'));
    expect([error.code, error.file]).toEqual([code, file]);
    expect(error.message).toContain(file);
  }
  expect((await readdir(folder)).sort()).toEqual(['file', 'taken']);
});

describe.skipIf(!canMount())('on a file system of its own', () => {
  const source = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { commitFile } from '../../../src/engine/run/files';
    const folder = process.argv[2];
    commitFile(folder + '/a', new Uint8Array(4e6)).then(
      () => console.log('written'),
      (error) => console.log(JSON.stringify([error.code, readdirSync(folder), readFileSync(folder + '/a', 'utf8')])),
    );`;
  test.each([
    ['full', '', 'disk-full'],
    ['read-only', 'mount -o remount,ro "$1" &&', 'read-only'],
  ])('a %s disk keeps the old file', async (_what, prepare, code) => {
    const folder = await temporaryFolder();
    const script = await program(folder, source);
    await mkdir(path.join(folder, 'disk'));
    const shell = `mount -t tmpfs -o size=1m none "$1" && printf old > "$1/a" && ${prepare} "$2" "$3" "$1"`;
    const output = execFileSync(
      'unshare',
      ['-Urm', 'sh', '-c', shell, 'sh', path.join(folder, 'disk'), process.execPath, script],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(output)).toEqual([code, ['a'], 'old']);
  });
});

test('what killed writers left is removed, and nothing like it', async () => {
  const folder = await temporaryFolder();
  const names = ['run.json', 'run.json.tmp-0123abcd', 'notes.tmp-', 'notes.tmp-xyz'];
  for (const name of names) await writeFile(path.join(folder, name), '');
  await removeTemporaryFiles(folder);
  await removeTemporaryFiles(path.join(folder, 'missing'));
  expect((await readdir(folder)).sort()).toEqual(['notes.tmp-', 'notes.tmp-xyz', 'run.json']);
});
