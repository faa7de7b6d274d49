import { mkdirSync, statfsSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { capture, lastLine } from './command.mjs';
import { libraryFolder, root } from './places.mjs';
import { SetupProblem } from './problem.mjs';
import { progress } from './progress.mjs';
import { commit, createScratch, remove } from './scratch.mjs';

/** @typedef {import('./places.mjs').Specification} Specification */

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
 * @returns {Promise<boolean>} whether anything had to be done
 */
export async function ensureLibrary(specification, cache, download) {
  const target = libraryFolder(specification, cache);
  if (isWhole(specification, target)) return false;
  const scratch = createScratch(cache);
  try {
    requireSpace(specification, scratch);
    const wheel = await download(scratch);
    const extracted = join(scratch, 'extracted');
    await extract(specification, wheel, extracted);
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
      'free some space, or set XDG_CACHE_HOME to a folder on a larger disk, then run `npm run setup` again',
    );
  }
}

/**
 * Takes the libraries and the headers out of the wheel and checks each library against its pinned size and hash.
 * @param {Specification} specification
 * @param {string} wheel
 * @param {string} folder
 */
export async function extract({ libraries, headers }, wheel, folder) {
  mkdirSync(folder);
  const bar = progress(
    'Extracting libtensorflow',
    libraries.reduce((sum, { size }) => sum + size, 0),
  );
  /** @type {Map<string, string>} */
  const hashes = new Map();
  const names = libraries.map(({ name }) => name);
  const script = join(root, 'scripts/lib/extract.py');
  const outcome = await capture('python3', [script, wheel, folder, ...names, '--', ...headers], {
    onLine: (line) => {
      const [first = '', hash] = line.split(' ');
      if (hash === undefined) bar.update(Number(first));
      else hashes.set(first, hash);
    },
  });
  if (outcome.code !== 0) {
    bar.abandon();
    throw new SetupProblem(
      `libtensorflow could not be extracted (${lastLine(outcome.stderr)})`,
      'run `npm run setup` again',
    );
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
