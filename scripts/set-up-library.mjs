/**
 * Fetches libtensorflow for the extension, which forks this program with the folder to put it into. It is bundled with all
 * it needs: whoever only installs the extension has no clone.
 */
import { join } from 'node:path';
import specification from '../src/engine/tensorflow/libtensorflow.json' with { type: 'json' };
import { downloadWheel } from './lib/download.mjs';
import { ensureLibrary } from './lib/library.mjs';
import { withLock } from './lib/lock.mjs';
import { SetupProblem } from './lib/problem.mjs';
import { requirePip } from './lib/requirements.mjs';

/** Between two reports, ms. */
const interval = 200;

const abort = new AbortController();
process.once('disconnect', () => abort.abort());
process.once('SIGTERM', () => abort.abort());
void main(process.argv[2]);

/** @param {string | undefined} cache */
async function main(cache) {
  try {
    if (cache === undefined) throw new Error('the folder to set up is not given');
    await withLock(
      join(cache, 'set-up.lock'),
      () => fetchLibrary(cache),
      () => tell({ fact: 'waiting' }),
    );
    tell({ fact: 'ready' });
  } catch (error) {
    if (!abort.signal.aborted) tell(failureOf(error));
  }
  if (process.connected) process.disconnect();
}

/** @param {string} folder */
async function fetchLibrary(folder) {
  // Whoever gave up while another window was at it.
  abort.signal.throwIfAborted();
  const conduct = { report, signal: abort.signal };
  await ensureLibrary(
    specification,
    folder,
    async (scratch) =>
      await downloadWheel(specification, scratch, await requirePip(specification.platform), conduct),
    conduct,
  );
}

/** @type {import('./lib/progress.mjs').Report} */
function report(label, total) {
  let toldAt = 0;
  return {
    update(done) {
      if (Date.now() - toldAt < interval) return;
      toldAt = Date.now();
      tell({ fact: 'progress', label, done, total });
    },
    done: () => tell({ fact: 'progress', label, done: total, total }),
    abandon: () => undefined,
  };
}

/** @param {unknown} error @returns {import('../src/protocol/set-up').SetUpFact} */
function failureOf(error) {
  if (error instanceof SetupProblem) return { fact: 'failed', reason: error.message, remedy: error.remedy };
  const fault = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${fault.stack}\n`);
  return { fact: 'failed', reason: fault.message, remedy: 'see the log, then try again' };
}

/** @param {import('../src/protocol/set-up').SetUpFact} fact */
function tell(fact) {
  if (process.connected) process.send?.(fact);
}
