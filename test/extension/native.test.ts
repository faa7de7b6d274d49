import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundleOptions } from '../../scripts/build.mjs';
import { isAlive } from '../../scripts/lib/lock.mjs';
import { root } from '../../scripts/lib/places.mjs';
import { locateNative, nativePlaces } from '../../src/engine/tensorflow/locate';
import { findFault, findNative } from '../../src/extension/native/find';
import { fetchLibrary, type LibraryProgramOptions } from '../../src/extension/native/library-program';

const installed = locateNative();
const isPlatform = installed.status === 'found' || installed.cause !== 'unsupported';

let folder: string;
let binding: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'infonce native '));
  binding = path.join(folder, 'extension/dist/native');
  await mkdir(binding, { recursive: true });
  const files = ['tfjs_binding.node', 'stderr.node'].map((name) => ({ name, size: 4, sha256: '' }));
  for (const { name } of files) await writeFile(path.join(binding, name), 'four');
  await writeFile(path.join(binding, 'manifest.json'), JSON.stringify(files));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** The libraries in full length without content. */
async function fill(library: string, sizes: readonly number[] = [788_086_608, 65_222_328]): Promise<string> {
  await mkdir(library, { recursive: true });
  for (const [index, name] of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].entries()) {
    await writeFile(path.join(library, name), '');
    await truncate(path.join(library, name), sizes[index] ?? 0);
  }
  return library;
}

const search = () => ({ storage: path.join(folder, 'storage'), binding });
const env = () => ({ XDG_CACHE_HOME: path.join(folder, 'cache') });

describe.skipIf(!isPlatform)('native TensorFlow', () => {
  it('is taken from where the extension keeps it, before the cache of a clone', async () => {
    expect(findNative(search(), env())).toEqual({ status: 'absent' });
    const cached = await fill(nativePlaces(env()).library);
    expect(findNative(search(), env())).toMatchObject({ status: 'found', library: cached });
    const own = await fill(nativePlaces({ XDG_CACHE_HOME: search().storage }).library);
    expect(findNative(search(), { ...env(), LD_LIBRARY_PATH: '/opt/lib' })).toEqual({
      status: 'found',
      library: own,
      environment: {
        INFONCE_LIBTENSORFLOW: own,
        INFONCE_BINDING: binding,
        LD_LIBRARY_PATH: `${own}:/opt/lib`,
      },
    });
  });

  it('is found by a program that is told so, and not by one that is told to go without', async () => {
    const library = await fill(path.join(folder, 'mine'), [10, 20]);
    const found = findNative({ ...search(), chosen: library }, {});
    expect(found.status === 'found' && locateNative({ ...found.environment })).toMatchObject({
      status: 'found',
      library,
      binding: path.join(binding, 'tfjs_binding.node'),
    });
    expect(locateNative({ INFONCE_WITHOUT_NATIVE: 'not wished for' })).toMatchObject({
      status: 'missing',
      reason: 'not wished for',
    });
  });

  it('is not looked for elsewhere when the folder that was chosen has none', async () => {
    await fill(nativePlaces(env()).library);
    const chosen = path.join(folder, 'nothing here');
    expect(findNative({ ...search(), chosen }, env())).toEqual({
      status: 'impossible',
      because: `libtensorflow_cc.so.2 is not in ${chosen}`,
      chosen: true,
    });
  });

  it('is not fetched for a package that has nothing to use it with', async () => {
    await rm(binding, { recursive: true });
    expect(findNative(search(), env())).toMatchObject({
      status: 'impossible',
      because: expect.stringContaining('no native part') as string,
    });
  });

  it.skipIf(installed.status === 'missing')('computes with a binding that lies elsewhere', async () => {
    const compiled = installed.status === 'found' ? path.dirname(installed.binding) : '';
    await cp(compiled, binding, { recursive: true });
    const found = findNative(search());
    expect(found.status).toBe('found');
    expect(found.status === 'found' && (await findFault(found.environment))).toBeUndefined();
    expect(await findFault({ INFONCE_BINDING: binding })).toMatch(/libtensorflow/);
  });
});

const extension = () => path.join(folder, 'extension');
const storage = () => path.join(folder, 'storage/infonce-lab');
const ignore = () => undefined;

function fetching(options: Partial<LibraryProgramOptions> = {}) {
  const { signal } = new AbortController();
  return fetchLibrary({
    extension: extension(),
    storage: storage(),
    onFact: ignore,
    onLine: ignore,
    signal,
    ...options,
  });
}

/** Puts a program named python3 first on the path. */
async function standIn(script: string): Promise<void> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'python3'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
}

describe.skipIf(!isPlatform)('the program that fetches the library', () => {
  beforeEach(async () => {
    const program = { 'set-up': path.join(root, 'scripts/set-up-library.mjs') };
    await build(bundleOptions(path.join(extension(), 'dist'), program));
  });

  it('names the tool that is missing, and what to do', async () => {
    await standIn('exit 1');
    expect(await fetching()).toEqual({
      outcome: 'failed',
      reason: 'Python 3 with pip is missing',
      remedy: 'sudo apt install python3-pip',
    });
  });

  it('says what pip says where the network refuses', async () => {
    await standIn('case "$*" in *--version*) echo "pip 25.1";; *) echo "ERROR: no route" >&2; exit 1;; esac');
    expect(await fetching()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('no route') as string,
    });
  });

  it('can be cancelled, with what it began, and leaves nothing behind', async () => {
    await standIn(`case "$*" in
      *--version*) echo "pip 25.1";;
      *) while [ "$1" != --dest ]; do shift; done; mkdir -p "$2"; echo $$ > "${folder}/pid"
         head -c 5000000 /dev/zero > "$2/a.whl"; exec sleep 60;;
    esac`);
    const cancel = new AbortController();
    const began = Date.now();
    const outcome = await fetching({ onFact: () => cancel.abort(), signal: cancel.signal });
    expect(outcome).toEqual({ outcome: 'cancelled' });
    expect(Date.now() - began).toBeLessThan(20_000);
    expect(await readdir(storage())).toEqual([]);
    const download = Number(await readFile(path.join(folder, 'pid'), 'utf8'));
    expect(isAlive(download)).toBe(false);
  });
});
