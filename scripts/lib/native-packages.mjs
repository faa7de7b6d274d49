import { cpSync, existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The packages with compiled code: they cannot be bundled. */
const compiled = ['sharp', 'tokenizers'];

/** What only a compiler, a type checker or a reader of the package needs. */
const unneeded = /(^|\/)(src|install)$|\.(d\.[cm]?ts|md|h)$/;

/**
 * The packages with compiled code and all that they need at run time.
 * @param {string} root of the clone
 * @returns {string[]} absolute folders
 */
export function nativePackages(root) {
  /** @type {Set<string>} */
  const folders = new Set();
  /** @param {string} folder */
  const add = (folder) => {
    if (folders.has(folder)) return;
    folders.add(folder);
    const { dependencies, optionalDependencies } = readManifest(folder);
    // npm installed, of the optional ones, what this platform needs.
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = findPackage(name, folder);
      if (found !== undefined) add(found);
      else if (dependencies?.[name] !== undefined)
        throw new Error(`${name}, which ${folder} needs, is not installed`);
    }
  };
  for (const name of compiled) add(join(root, 'node_modules', name));
  return [...folders];
}

/**
 * Copies them below `target`, without what is of no use at run time and without the compiled code of other platforms.
 * @param {string} root of the clone
 * @param {string} target a `node_modules` folder
 */
export function copyNativePackages(root, target) {
  for (const folder of nativePackages(root)) {
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    cpSync(folder, join(target, name), {
      recursive: true,
      filter: (path) => !unneeded.test(path.slice(folder.length)) && isForHere(basename(path)),
    });
  }
}

/** `tokenizers.linux-x64-gnu.node` names its platform, and the C library that programs of the platform rest on. @param {string} file */
function isForHere(file) {
  const platform = /^\w+\.(\w+-\w+)(-\w+)?\.node$/.exec(file);
  if (platform === null) return true;
  return platform[1] === `${process.platform}-${process.arch}` && platform[2] !== '-musl';
}

/**
 * What is needed of a package.json.
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {string} [license]
 * @property {string | { name: string }} [author]
 * @property {string | { url: string }} [repository]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Looks where Node would. @param {string} name @param {string} from @returns {string | undefined} */
function findPackage(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  const parent = dirname(from);
  return parent === from ? undefined : findPackage(name, parent);
}
