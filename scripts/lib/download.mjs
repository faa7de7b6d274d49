import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, lastLine } from './command.mjs';
import { SetupProblem } from './problem.mjs';
import { progress } from './progress.mjs';
import { remove } from './scratch.mjs';

/**
 * How long work is carried out.
 * @typedef {object} Conduct
 * @property {import('./progress.mjs').Report} [report] told how far it is; a bar on stderr if absent
 * @property {AbortSignal} [signal] ends it; what was begun is removed
 */

/** A connection that is cut off is tried again so often. */
const attempts = 3;

/**
 * Downloads the pinned wheel with pip, which checks its hash: it needs no key, knows the user's mirrors and proxies, and
 * can pick a wheel for another Python than the one that runs it.
 * @param {import('./places.mjs').Specification} specification
 * @param {string} scratch private folder
 * @param {number} pip its version
 * @param {Conduct} [conduct]
 * @returns {Promise<string>} path of the whole wheel
 */
export async function downloadWheel({ wheel }, scratch, pip, { report = progress, signal } = {}) {
  const requirements = join(scratch, 'requirements.txt');
  writeFileSync(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
  const target = join(scratch, 'wheel');
  const args = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--no-cache-dir',
    '--disable-pip-version-check',
  ]
    .concat([
      '--only-binary=:all:',
      '--implementation',
      'cp',
      '--python-version',
      wheel.python,
      '--abi',
      wheel.abi,
    ])
    .concat([
      '--platform',
      wheel.platform,
      '--require-hashes',
      '--requirement',
      requirements,
      '--dest',
      target,
    ])
    // pip 25.1 learnt to take up a cut-off download where it ended; older ones start afresh.
    .concat(pip >= 25.1 ? ['--resume-retries', '5'] : []);
  for (let attempt = 1; ; attempt++) {
    const bar = report('Downloading libtensorflow', wheel.size);
    // pip hides its own bar when it is not on a terminal, so the growing file is watched instead.
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, largestFile(scratch));
      bar.update(Math.min(most, wheel.size));
    }, 250);
    const outcome = await capture('python3', args, {
      env: { ...process.env, TMPDIR: scratch },
      ...(signal && { signal }),
    });
    clearInterval(watch);
    if (outcome.code === 0) {
      bar.done();
      const name = readdirSync(target).find((file) => file.endsWith('.whl'));
      if (name !== undefined) return join(target, name);
    }
    bar.abandon();
    remove(target);
    if (outcome.signal === 'SIGINT') process.exit(130);
    signal?.throwIfAborted();
    // Without a single byte the server, not the line, is the trouble: another try would only cost time.
    if (most === 0 || attempt === attempts) {
      throw new SetupProblem(
        `libtensorflow could not be downloaded (pip: ${lastLine(outcome.stderr)})`,
        'check the network and the proxy settings of pip, then try again',
      );
    }
    process.stderr.write(`The download was cut off; trying again (${attempt + 1} of ${attempts}).\n`);
  }
}

/** Size of the largest file below a folder that others are writing to, bytes. @param {string} folder @returns {number} */
function largestFile(folder) {
  let largest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    largest = Math.max(largest, statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  }
  return largest;
}
