import { existsSync } from 'node:fs';
import { capture } from './command.mjs';
import { SetupProblem } from './problem.mjs';

/**
 * @typedef {object} Tools
 * @property {number} pip its version as a number, 25.1 for 25.1.1
 * @property {string} compiler
 */

/**
 * Looks for all that fetching and compiling need before anything is downloaded, and names what is missing in one go.
 * @param {string} platform that the wheel is for
 * @returns {Promise<Tools>}
 */
export async function findTools(platform) {
  requirePlatform(platform);
  const [pip, compiler] = await Promise.all([findPip(), findCompiler()]);
  /** @type {string[]} */
  const absent = [];
  if (pip === undefined) absent.push('Python 3 with pip');
  if (compiler === undefined) absent.push('a C++ compiler');
  if (pip === undefined || compiler === undefined) {
    const packages = [
      ...(pip === undefined ? ['python3-pip'] : []),
      ...(compiler === undefined ? ['g++'] : []),
    ];
    throw new SetupProblem(`missing: ${absent.join(', ')}`, `sudo apt install ${packages.join(' ')}`);
  }
  return { pip, compiler };
}

/**
 * What fetching alone needs, where the binding has been compiled before.
 * @param {string} platform that the wheel is for
 * @returns {Promise<number>} version of pip
 */
export async function requirePip(platform) {
  requirePlatform(platform);
  const pip = await findPip();
  if (pip !== undefined) return pip;
  throw new SetupProblem('Python 3 with pip is missing', 'sudo apt install python3-pip');
}

/** @param {string} platform */
function requirePlatform(platform) {
  const here = `${process.platform}-${process.arch}`;
  if (here !== platform) {
    throw new SetupProblem(
      `it is set up for ${platform} only, this is ${here}`,
      `use a ${platform} machine for large data`,
    );
  }
  // Every system with the GNU C library has this loader; Alpine, for one, has not.
  if (!existsSync('/lib64/ld-linux-x86-64.so.2')) {
    throw new SetupProblem(
      'it needs the GNU C library',
      'use a distribution built on it (Debian, Ubuntu, Fedora …)',
    );
  }
}

/** @returns {Promise<number | undefined>} */
async function findPip() {
  const { code, stdout } = await capture('python3', ['-m', 'pip', '--version']);
  const version = /^pip (\d+\.\d+)/.exec(stdout)?.[1];
  return code === 0 && version !== undefined ? Number(version) : undefined;
}

/** @returns {Promise<string | undefined>} */
async function findCompiler() {
  for (const name of [process.env.CXX, 'g++', 'clang++', 'c++']) {
    if (name !== undefined && name !== '' && (await capture(name, ['--version'])).code === 0) return name;
  }
  return undefined;
}
