import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while no other process of this machine runs something under the same lock file. A lock whose holder is
 * gone is taken over, so nothing needs cleaning up after a kill.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {() => void} onWait called once when another process is ahead
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!tryLock(path)) {
    if (!isHeld(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) onWait();
    told = true;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function tryLock(path) {
  // Written apart and linked into place: a lock is never seen empty, which would look like one whose holder is gone.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${startOf(process.pid)}`);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** @param {string} path */
function isHeld(path) {
  try {
    const [pid, start] = readFileSync(path, 'utf8').split(' ');
    // A number may belong to another process by now.
    return isAlive(Number(pid)) && startOf(Number(pid)) === start;
  } catch {
    return false;
  }
}

/** Whether a process of this machine runs. @param {number} pid */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  // One that was killed and not yet collected by its parent still answers signals.
  if (stateOf(pid)[0] === 'Z') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process answers EPERM.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** When a process began, in the kernel's own count; `unknown` where there is no /proc. @param {number} pid */
function startOf(pid) {
  return stateOf(pid)[19] ?? 'unknown';
}

/** Fields of /proc/<pid>/stat from the state on; the name before them may hold anything. @param {number} pid @returns {string[]} */
function stateOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
