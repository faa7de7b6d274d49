import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../protocol/errors';
import type { RunState } from '../../protocol/run';
import { RunFolder } from './folder';
import { liveHolder } from './holder';

const lookEveryMs = 50;

/**
 * Asks the process that works on a run to stop, with a checkpoint, and waits until it has let go of the run.
 * @param patienceMs how long it may take: it finishes a step and writes its checkpoint.
 * @returns the state then: `stopped`, or how else it ended in the meantime.
 * @throws UserError `not-running`, `run-elsewhere` (another machine), `not-stopping` (it did not let go in time).
 */
export async function stopRun(folder: string, patienceMs = 60_000): Promise<RunState> {
  const run = await RunFolder.open(folder);
  const holder = await liveHolder(run.path);
  if (holder === undefined) {
    const message = `run ${run.id} is ${await run.state()}: nothing works on it, so there is nothing to stop`;
    throw new UserError('not-running', message, { file: run.path });
  }
  const { pid, elsewhere } = holder;
  if (elsewhere !== undefined) {
    const message = `run ${run.id} is trained by process ${pid} on ${elsewhere}: stop it there`;
    throw new UserError('run-elsewhere', message, { file: run.path });
  }
  ask(pid, run);
  const until = performance.now() + patienceMs;
  for (;;) {
    const now = await liveHolder(run.path);
    // Somebody else may have taken it up at once: the process that was asked has let go all the same.
    if (now?.pid !== pid) return await (await RunFolder.open(run.path)).state();
    if (performance.now() > until) {
      const message = `process ${pid} was asked to stop run ${run.id} and still works on it: wait, or end the process`;
      throw new UserError('not-stopping', message, { file: run.path });
    }
    await sleep(lookEveryMs);
  }
}

function ask(pid: number, run: RunFolder): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    // It has just ended.
    if (error.code === 'ESRCH') return;
    if (error.code !== 'EPERM') throw error;
    const message = `run ${run.id} is trained by process ${pid} of another user: ask them to stop it`;
    throw new UserError('no-permission', message, { file: run.path }, { cause: error });
  }
}
