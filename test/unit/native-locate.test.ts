import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleOptions } from '../../scripts/build.mjs';
import { ensureNative } from '../../scripts/lib/native.mjs';
import {
  bindingFolder,
  cacheFolder,
  libraryFolder,
  readSpecification,
  root,
} from '../../scripts/lib/places.mjs';
import { locateNative, nativePlaces } from '../../src/engine/tensorflow/locate';
import { findDamage, tryNative } from '../../src/engine/tensorflow/probe';

const specification = readSpecification();
const isPlatform = `${process.platform}-${process.arch}` === specification.platform;
const location = locateNative();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infonce-native-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([{}, { XDG_CACHE_HOME: '/somewhere/else' }, { XDG_CACHE_HOME: 'relative' }])(
  'is looked for where set-up puts it (%j)',
  (env) => {
    const cache = cacheFolder(env);
    expect(nativePlaces(env)).toEqual({
      library: libraryFolder(specification, cache),
      binding: bindingFolder(specification, cache),
    });
  },
);

const env = () => ({ XDG_CACHE_HOME: folder });

/** Files of the right length without content: sparse, so they take no room. */
function fill() {
  const { library, binding } = nativePlaces(env());
  mkdirSync(binding, { recursive: true });
  for (const { name, size } of specification.libraries) {
    writeFileSync(join(library, name), '');
    truncateSync(join(library, name), size);
  }
  const files = ['tfjs_binding.node', 'stderr.node'].map((name) => ({ name, size: 4, sha256: '' }));
  for (const { name } of files) writeFileSync(join(binding, name), 'four');
  writeFileSync(join(binding, 'manifest.json'), JSON.stringify(files));
  return { library, binding };
}

describe.skipIf(!isPlatform)('what is not whole is not loaded', () => {
  it('takes what has the right lengths', () => {
    const { library, binding } = fill();
    expect(locateNative(env())).toEqual({
      status: 'found',
      library,
      binding: join(binding, 'tfjs_binding.node'),
      stderr: join(binding, 'stderr.node'),
      version: specification.version,
    });
  });

  it.each([
    ['an absent library', (p: Places) => rmSync(p.library, { recursive: true }), /cc\.so\.2 is not in/],
    [
      'a cut-off library',
      (p: Places) => truncateSync(join(p.library, 'libtensorflow_cc.so.2'), 99),
      /damaged: 99 bytes/,
    ],
    ['an absent binding', (p: Places) => rmSync(p.binding, { recursive: true }), /binding is not in/],
    [
      'a cut-off binding',
      (p: Places) => truncateSync(join(p.binding, 'tfjs_binding.node'), 1),
      /node in .* is damaged/,
    ],
    [
      'a spoilt note',
      (p: Places) => writeFileSync(join(p.binding, 'manifest.json'), '[{'),
      /binding is not in/,
    ],
  ])('tells of %s', (_, damage, message) => {
    damage(fill());
    const found = locateNative(env());
    expect(found).toMatchObject({ status: 'missing', remedy: 'npm run setup' });
    expect(found.status === 'missing' && found.reason).toMatch(message);
  });

  it('survives a binding that is no library at all', async () => {
    const result = await tryNative(join(fill().binding, 'tfjs_binding.node'));
    expect(result).toHaveProperty('failure');
  });
});

type Places = ReturnType<typeof nativePlaces>;

it('finds content of the right length that is not the right one', async () => {
  writeFileSync(join(folder, 'a.so'), 'good');
  const sha256 = '770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c';
  expect(await findDamage(folder, [{ name: 'a.so', size: 4, sha256 }])).toBeUndefined();
  writeFileSync(join(folder, 'a.so'), 'evil');
  expect(await findDamage(folder, [{ name: 'a.so', size: 4, sha256 }])).toMatchObject({ hidden: true });
  truncateSync(join(folder, 'a.so'), 1);
  expect(await findDamage(folder, [{ name: 'a.so', size: 4, sha256 }])).toMatchObject({ hidden: false });
});

describe.skipIf(location.status === 'missing')('the installed library', () => {
  it('needs nothing of a second set-up', async () => {
    expect(await ensureNative(specification, cacheFolder())).toEqual({ ready: true, changed: false });
  });

  it('computes in a process of its own', async () => {
    const binding = location.status === 'found' ? location.binding : '';
    expect(await tryNative(binding)).toEqual({ version: specification.version });
  });

  it('serves in the bundle, with gradients and without a word; where it is absent the JavaScript backend does', async () => {
    const entry = join(root, 'build/bundle-test.ts');
    mkdirSync(join(root, 'build'), { recursive: true });
    writeFileSync(
      entry,
      `import * as tf from '@tensorflow/tfjs-core';
       import { loadNative } from '../src/engine/tensorflow/native';
       loadNative().then(({ name }) => {
         const slope = tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([3, -1]));
         console.log(name, [...slope.dataSync()].join(' '));
       });`,
    );
    await build(bundleOptions(folder, { bundle: entry }));
    rmSync(entry);
    const run = (env: NodeJS.ProcessEnv) =>
      execFileSync('/bin/sh', ['-c', '"$0" "$1" 2>&1', process.execPath, join(folder, 'bundle.js')], {
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
    expect(run({})).toBe('tensorflow 6 -2\n');
    expect(run({ XDG_CACHE_HOME: folder })).toBe('javascript 6 -2\n');
  });
});
