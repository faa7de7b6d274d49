import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RunFolder } from '../../../src/engine/run/folder';
import { stopRun } from '../../../src/engine/run/stop';
import { program, record, refusal, temporaryFolder } from './support';

/** Holds the run until it is asked to stop; with `deaf` it does not listen. */
const source = `
  import { RunFolder } from '../../../src/engine/run/folder';
  const [, , folder, how] = process.argv;
  async function main() {
    const run = await RunFolder.open(folder as string);
    await run.hold();
    process.on('SIGTERM', async () => {
      if (how === 'deaf') return;
      await run.update({ state: 'stopped' });
      await run.release();
      process.exit();
    });
    setInterval(() => undefined, 1000);
    console.log('held');
  }
  void main();`;

async function heldRun(how: 'listens' | 'deaf'): Promise<string> {
  const run = await RunFolder.create(await temporaryFolder());
  await run.begin(record);
  await run.release();
  const script = await program(await temporaryFolder(), source);
  const child = spawn(process.execPath, [script, run.path, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return run.path;
}

test('the holder is asked, and waited for', async () => {
  const run = await heldRun('listens');
  expect(await stopRun(run)).toBe('stopped');
  expect((await refusal(stopRun(run))).code).toBe('not-running');
});

test('a holder that does not let go is told of', async () => {
  const error = await refusal(stopRun(await heldRun('deaf'), 200));
  expect(error.code).toBe('not-stopping');
});

test('a holder on another machine is left alone', async () => {
  const run = await heldRun('deaf');
  const file = path.join(run, 'holder.json');
  const holder = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...holder, host: `not-${hostname()}` }));
  expect((await refusal(stopRun(run))).code).toBe('run-elsewhere');
});
