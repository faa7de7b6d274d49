import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isAlive } from './lock.mjs';

const prefix = 'partial-';
const dayMs = 86_400_000;

/**
 * A private folder beside where its content will go, so that the final rename stays on one file system.
 * Whatever is in it is never taken for finished work.
 * @param {string} parent made if absent
 */
export function createScratch(parent) {
  mkdirSync(parent, { recursive: true });
  sweep(parent);
  return mkdtempSync(join(parent, `${prefix}${hostname()}-${process.pid}-`));
}

/**
 * Removes what interrupted set-ups left behind. Folders of living ones stay: two may run at once.
 * @param {string} parent
 */
function sweep(parent) {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const [, host, pid] = /^partial-(.*)-(\d+)-[^-]*$/.exec(name) ?? [];
    const path = join(parent, name);
    if ((host === hostname() && !isAlive(Number(pid))) || isOld(path)) remove(path);
  }
}

/** Another machine's process cannot be asked; after a day it is given up. @param {string} path */
function isOld(path) {
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Date.now() - made > dayMs;
}

/** @param {string} path */
export function remove(path) {
  rmSync(path, { recursive: true, force: true });
}

/**
 * Puts a finished folder into place in one step. Where another set-up was first, its result is kept.
 * @param {string} finished
 * @param {string} target
 * @param {() => boolean} isWhole whether what is at `target` can be used
 */
export async function commit(finished, target, isWhole) {
  try {
    renameSync(finished, target);
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    if (isWhole()) return remove(finished);
    const damaged = createScratch(dirname(target));
    renameSync(target, join(damaged, basename(target)));
    renameSync(finished, target);
    remove(damaged);
  }
  const parent = await open(dirname(target), 'r');
  await parent.sync();
  await parent.close();
}
