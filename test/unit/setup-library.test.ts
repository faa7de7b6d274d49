import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadWheel } from '../../scripts/lib/download.mjs';
import { ensureLibrary, isWhole } from '../../scripts/lib/library.mjs';
import { ensureNative } from '../../scripts/lib/native.mjs';
import { libraryFolder, readSpecification } from '../../scripts/lib/places.mjs';

const contents = new Map([
  ['libtensorflow_cc.so.2', Buffer.alloc(50_000, 'cc')],
  ['libtensorflow_framework.so.2', Buffer.alloc(9_000, 'framework')],
]);
const header = 'tensorflow/include/tensorflow/c/c_api.h';

let folder: string;
let wheel: string;
let cache: string;

/** The real specification, with the sizes and hashes of a wheel of a few kilobytes. */
function specification() {
  const libraries = [...contents].map(([name, bytes]) => ({
    name,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  return { ...readSpecification(), libraries };
}

const target = () => libraryFolder(specification(), cache);
const leftovers = () => readdirSync(cache).filter((name) => name.startsWith('partial-'));
const copyWheel = async (scratch: string) => {
  copyFileSync(wheel, join(scratch, 'a.whl'));
  return join(scratch, 'a.whl');
};

const noDownload = () => Promise.reject(new Error('downloaded again'));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infonce-setup-'));
  cache = join(folder, 'cache');
  wheel = join(folder, 'tensorflow.whl');
  const members = join(folder, 'members');
  mkdirSync(join(members, 'tensorflow/include/tensorflow/c'), { recursive: true });
  for (const [name, bytes] of contents) writeFileSync(join(members, 'tensorflow', name), bytes);
  writeFileSync(join(members, header), '// header');
  writeFileSync(join(members, 'tensorflow/other.py'), '# not needed');
  execFileSync('python3', ['-m', 'zipfile', '-c', wheel, 'tensorflow'], { cwd: members });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('the library in the cache', () => {
  it('is extracted with its headers and nothing else, and the second time nothing is done', async () => {
    expect(await ensureLibrary(specification(), cache, copyWheel)).toBe(true);
    expect(readdirSync(target()).sort()).toEqual([
      'include',
      'libtensorflow.so',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ]);
    expect(readFileSync(join(target(), 'include/tensorflow/c/c_api.h'), 'utf8')).toBe('// header');
    expect(leftovers()).toEqual([]);
    expect(await ensureLibrary(specification(), cache, noDownload)).toBe(false);
  });

  it.each([0, 1_000, 0.5, 0.99])('is not made of a wheel cut off at %d', async (length) => {
    const cutOff = async (scratch: string) => {
      const path = await copyWheel(scratch);
      truncateSync(path, length < 1 ? Math.floor(readFileSync(path).length * length) : length);
      return path;
    };
    await expect(ensureLibrary(specification(), cache, cutOff)).rejects.toThrow(/could not be extracted/);
    expect(existsSync(target())).toBe(false);
    expect(leftovers()).toEqual([]);
    expect(await ensureLibrary(specification(), cache, copyWheel)).toBe(true);
  });

  it('is not made of a wheel with other content of the same length', async () => {
    const other = specification();
    for (const library of other.libraries) library.sha256 = '0'.repeat(64);
    await expect(ensureLibrary(other, cache, copyWheel)).rejects.toThrow(/not the pinned one/);
    expect(existsSync(target())).toBe(false);
  });

  it('is made anew where a file of it was cut short or lost', async () => {
    for (const damage of [(file: string) => truncateSync(file, 100), (file: string) => rmSync(file)]) {
      await ensureLibrary(specification(), cache, copyWheel);
      damage(join(target(), 'libtensorflow_cc.so.2'));
      expect(isWhole(specification(), target())).toBe(false);
      expect(await ensureLibrary(specification(), cache, copyWheel)).toBe(true);
      expect(isWhole(specification(), target())).toBe(true);
      expect(leftovers()).toEqual([]);
    }
  });

  it('is not taken from what a killed set-up left, which is swept away', async () => {
    const dead = join(cache, `partial-${hostname()}-999999999-abcdef`);
    const alive = join(cache, `partial-${hostname()}-${process.pid}-abcdef`);
    for (const partial of [dead, alive]) {
      mkdirSync(join(partial, 'extracted'), { recursive: true });
      for (const [name, bytes] of contents) writeFileSync(join(partial, 'extracted', name), bytes);
    }
    expect(await ensureLibrary(specification(), cache, copyWheel)).toBe(true);
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(alive)).toBe(true);
  });

  it('survives two set-ups at once', async () => {
    const done = await Promise.all([1, 2].map(() => ensureLibrary(specification(), cache, copyWheel)));
    expect(done).toEqual([true, true]);
    expect(isWhole(specification(), target())).toBe(true);
    expect(leftovers()).toEqual([]);
  });
});

/** Puts a program named python3 first on the path, which behaves as pip would. */
function standIn(script: string) {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'python3'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'python3'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
}
const count = () => readFileSync(join(folder, 'count'), 'utf8').length;

describe('the download', () => {
  const toTarget = 'while [ "$1" != --dest ]; do shift; done; mkdir -p "$2"';

  it('starts again when the line is cut, and what had come is not used', async () => {
    standIn(`printf x >> ${folder}/count
${toTarget}
if [ "$(cat ${folder}/count)" = x ]; then
  head -c 1000 ${wheel} > "$2/a.whl"; sleep 0.6; echo 'ERROR: connection broken' >&2; exit 1
fi
[ -e "$2/a.whl" ] && exit 9
cp ${wheel} "$2/a.whl"`);
    const path = await downloadWheel(specification(), folder, 23.2);
    expect(readFileSync(path)).toEqual(readFileSync(wheel));
    expect(count()).toBe(2);
  });

  it('gives up at once where not a byte comes, and says what pip said', async () => {
    mkdirSync(join(folder, 'scratch'));
    standIn(`printf x >> ${folder}/count; echo 'ERROR: no route' >&2; exit 1`);
    await expect(downloadWheel(specification(), join(folder, 'scratch'), 23.2)).rejects.toThrow(
      'libtensorflow could not be downloaded (pip: ERROR: no route)',
    );
    expect(count()).toBe(1);
  });
});

it('names every missing tool at once, and leaves the JavaScript backend to serve', async () => {
  vi.stubEnv('PATH', folder);
  vi.stubEnv('CXX', '');
  expect(
    await ensureNative({ ...specification(), platform: `${process.platform}-${process.arch}` }, cache),
  ).toEqual({
    ready: false,
    reason: 'missing: Python 3 with pip, a C++ compiler',
    remedy: 'sudo apt install python3-pip g++',
  });
  expect(await ensureNative({ ...specification(), platform: 'plan9-mips' }, cache)).toMatchObject({
    ready: false,
    reason: expect.stringContaining('plan9-mips only') as string,
  });
});
