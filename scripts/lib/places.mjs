import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone that these scripts belong to. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** @typedef {{ name: string, size: number, sha256: string }} Library */
/**
 * What set-up fetches and compiles. `src/engine/tensorflow/native.ts` reads the same file.
 * @typedef {object} Specification
 * @property {string} version of TensorFlow
 * @property {string} platform `process.platform-process.arch` that the wheel is for
 * @property {{ requirement: string, python: string, abi: string, platform: string, size: number, sha256: string }} wheel
 * @property {Library[]} libraries
 * @property {string[]} headers prefixes of the wheel's members that the compiler needs
 * @property {{ package: string, sources: string[], sha256: string, stderr: string, flags: string[] }} binding
 *   `sha256` over the package's sources, `stderr` of our own `stderr.cc`
 */

/** @returns {Specification} */
export function readSpecification() {
  return JSON.parse(readFileSync(join(root, 'src/engine/tensorflow/libtensorflow.json'), 'utf8'));
}

/**
 * The per-user cache, outside the clone, so that a second clone is ready in seconds.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function cacheFolder(env = process.env) {
  const base = env.XDG_CACHE_HOME;
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'infonce-lab');
}

/**
 * @param {Specification} specification
 * @param {string} [cache]
 */
export function libraryFolder({ version, platform, wheel }, cache = cacheFolder()) {
  return join(cache, `tensorflow-${version}-${platform}-${wheel.sha256.slice(0, 12)}`);
}

/**
 * @param {Specification} specification
 * @param {string} [cache]
 */
export function bindingFolder(specification, cache = cacheFolder()) {
  const key = createHash('sha256').update(JSON.stringify(specification.binding)).digest('hex').slice(0, 12);
  return join(libraryFolder(specification, cache), `binding-${key}`);
}
