import { mkdirSync, statfsSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture, lastLine } from './command.mjs';
import { libraryFolder } from './places.mjs';
import { SetupProblem } from './problem.mjs';
import { progress } from './progress.mjs';
import { commit, createScratch, remove } from './scratch.mjs';

/** @typedef {import('./places.mjs').Specification} Specification */
/** @typedef {import('./download.mjs').Conduct} Conduct */

/**
 * Whether the folder holds the libraries in full length; the hashes were checked when they were put there, and
 * `infonce doctor` checks them again.
 * @param {Specification} specification
 * @param {string} folder
 */
export function isWhole({ libraries }, folder) {
  return libraries.every(
    ({ name, size }) => statSync(join(folder, name), { throwIfNoEntry: false })?.size === size,
  );
}

/**
 * Brings libtensorflow into the user's cache, unless it is there.
 * @param {Specification} specification
 * @param {string} cache
 * @param {(scratch: string) => Promise<string>} download puts the wheel into the folder and answers with its path
 * @param {Conduct} [conduct] of the extraction
 * @returns {Promise<boolean>} whether anything had to be done
 */
export async function ensureLibrary(specification, cache, download, conduct = {}) {
  const target = libraryFolder(specification, cache);
  if (isWhole(specification, target)) return false;
  const scratch = createScratch(cache);
  try {
    requireSpace(specification, scratch);
    const wheel = await download(scratch);
    const extracted = join(scratch, 'extracted');
    await extract(specification, wheel, extracted, conduct);
    await commit(extracted, target, () => isWhole(specification, target));
  } finally {
    remove(scratch);
  }
  return true;
}

/**
 * @param {Specification} specification
 * @param {string} folder
 */
function requireSpace({ wheel, libraries }, folder) {
  const { bavail, bsize } = statfsSync(folder);
  // pip holds the wheel twice for a moment.
  const needed = 2 * wheel.size + libraries.reduce((sum, { size }) => sum + size, 0);
  if (bavail * bsize < needed) {
    throw new SetupProblem(
      `libtensorflow needs ${(needed / 1e9).toFixed(1)} GB in ${dirname(folder)}, ${((bavail * bsize) / 1e9).toFixed(1)} GB are free`,
      'free some space there (the set-up of a clone goes where XDG_CACHE_HOME points), then try again',
    );
  }
}

/**
 * Takes the libraries and the headers out of the wheel and checks each library against its pinned size and hash.
 * @param {Specification} specification
 * @param {string} wheel
 * @param {string} folder
 * @param {Conduct} [conduct]
 */
export async function extract({ libraries, headers }, wheel, folder, { report = progress, signal } = {}) {
  mkdirSync(folder);
  const bar = report(
    'Extracting libtensorflow',
    libraries.reduce((sum, { size }) => sum + size, 0),
  );
  /** @type {Map<string, string>} */
  const hashes = new Map();
  const names = libraries.map(({ name }) => name);
  // In a bundle it lies beside the bundle.
  const script = fileURLToPath(new URL('extract.py', import.meta.url));
  const outcome = await capture('python3', [script, wheel, folder, ...names, '--', ...headers], {
    onLine: (line) => {
      const [first = '', hash] = line.split(' ');
      if (hash === undefined) bar.update(Number(first));
      else hashes.set(first, hash);
    },
    ...(signal && { signal }),
  });
  if (outcome.code !== 0) {
    bar.abandon();
    signal?.throwIfAborted();
    throw new SetupProblem(`libtensorflow could not be extracted (${lastLine(outcome.stderr)})`, 'try again');
  }
  for (const { name, sha256 } of libraries) {
    if (hashes.get(name) === sha256) continue;
    throw new SetupProblem(
      `${name} in the wheel is not the pinned one (SHA-256 ${hashes.get(name) ?? 'absent'})`,
      'src/engine/tensorflow/libtensorflow.json must name the size and hash of the libraries of its wheel',
    );
  }
  bar.done();
  // The name that the linker looks for.
  symlinkSync('libtensorflow_cc.so.2', join(folder, 'libtensorflow.so'));
}
