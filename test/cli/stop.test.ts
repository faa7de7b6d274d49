import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, truncate } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { RunFolder } from '../../src/engine/run/folder';
import { program } from '../unit/run/support';
import { buildProgram, jsonLines, run, sharedFolder, start, temporaryFolder, writePairs } from './support';

const settings = ['--epochs', '30', '--batch-size', '32', '--dimensions', '16', '--seed', '3'];

function steps(events: Record<string, unknown>[]): unknown[] {
  return events.filter(({ event }) => event === 'step').map(({ step, loss }) => [step, loss]);
}

let folder: string;
let whole: Record<string, unknown>[];

beforeAll(async () => {
  buildProgram();
  folder = await sharedFolder();
  await writePairs(path.join(folder, 'data'));
  const { stdout } = await run(['train', 'data', ...settings, '--runs', 'whole', '--json'], folder);
  whole = jsonLines(stdout);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s stops after the step, and the run goes on as if nothing had happened',
  async (signal, code) => {
    const { child, done, until } = start(['train', 'data', ...settings, '--runs', signal, '--json'], folder);
    await until(/"step":20,/);
    child.kill(signal);
    const stopped = await done;
    expect(stopped.code).toBe(code);
    const before = jsonLines(stopped.stdout);
    const last = before.at(-1) as { event: string; run: string };
    expect(last.event).toBe('stopped');
    expect(stopped.stderr).toMatch(/Stopped\. To go on: (npm run infonce --|node \S+) resume /);
    const interrupted = await RunFolder.open(last.run);
    expect(await interrupted.state()).toBe('stopped');
    expect(await readdir(last.run)).not.toContain('holder.json');

    const resumed = await run(['resume', last.run, '--json'], folder);
    expect(resumed.code).toBe(0);
    const after = jsonLines(resumed.stdout);
    expect([...steps(before), ...steps(after)]).toEqual(steps(whole));
    expect((after.at(-1) as { metrics: object }).metrics).toEqual(
      (whole.at(-1) as { metrics: object }).metrics,
    );
    const { rows } = await interrupted.readMetrics();
    expect(steps(rows as Record<string, unknown>[])).toEqual(steps(whole));
  },
);

test('stop ends a run from outside, resumable, and only one that is at work', async () => {
  const { done, until } = start(['train', 'data', ...settings, '--runs', 'outside', '--json'], folder);
  await until(/"step":20,/);
  const [name] = await readdir(path.join(folder, 'outside'));
  const given = path.join('outside', name as string);
  const asked = await run(['stop', given], folder);
  expect([asked.code, asked.stdout]).toEqual([0, '']);
  expect(asked.stderr).toMatch(/^Stopped\. To go on: (npm run infonce --|node \S+) resume outside\/\S+\n$/);
  const stopped = await RunFolder.open(path.join(folder, given));
  expect(await stopped.state()).toBe('stopped');
  expect(await stopped.latestCheckpoint()).toBeDefined();
  const { code, stdout } = await done;
  expect(code).toBe(143);
  expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'stopped' });
  const again = await run(['stop', given], folder);
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(/^error: run \S+ is stopped: nothing works on it[^\n]*\n$/);
});

test('after a kill the run shows as interrupted and needs no clean-up', async () => {
  const { child, done, until } = start(['train', 'data', ...settings, '--runs', 'killed', '--json'], folder);
  await until(/"step":20,/);
  child.kill('SIGKILL');
  const { stdout } = await done;
  const { run: killed } = jsonLines(stdout.slice(0, stdout.lastIndexOf('\n')))[0] as { run: string };
  const [row] = jsonLines((await run(['runs', 'killed', '--json'], folder)).stdout);
  expect(row).toMatchObject({ run: killed, state: 'interrupted' });
  const busy = await run(['neighbours', killed, '--text', 'a'], folder);
  expect(busy.stderr).toMatch(/^error: run \S+ \(interrupted\) has no model[^\n]*resume[^\n]*\n$/);
  const resumed = await run(['resume', killed, '--json'], folder);
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(/^warning: it was stopped before its first checkpoint, so .* at step 1$/m);
  expect((jsonLines(resumed.stdout).at(-1) as { metrics: object }).metrics).toEqual(
    (whole.at(-1) as { metrics: object }).metrics,
  );
  const { rows } = await (await RunFolder.open(killed)).readMetrics();
  expect(steps(rows as Record<string, unknown>[])).toEqual(steps(whole));
});

test('a run at work is not taken by a second process', async () => {
  const { child, done, until } = start(['train', 'data', ...settings, '--runs', 'held', '--json'], folder);
  await until(/"step":5,/);
  child.kill('SIGSTOP');
  const [name] = await readdir(path.join(folder, 'held'));
  const second = await run(['resume', path.join('held', name as string)], folder);
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  expect([second.code, (await done).code]).toEqual([2, 143]);
  expect(second.stderr).toMatch(/^error: process \d+ is working on [^\n]+\n$/);
});

test('a damaged checkpoint is told before the run begins again', async () => {
  const { child, done, until } = start(['train', 'data', ...settings, '--runs', 'torn', '--json'], folder);
  await until(/"step":20,/);
  child.kill('SIGINT');
  const { run: stopped } = jsonLines((await done).stdout).at(-1) as { run: string };
  const [checkpoint] = await readdir(path.join(stopped, 'checkpoints'));
  await truncate(path.join(stopped, 'checkpoints', checkpoint as string), 1000);
  const resumed = await run(['resume', stopped, '--json'], folder);
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toContain(`warning: a checkpoint is passed over: `);
  expect(resumed.stderr).toContain(checkpoint);
  expect(resumed.stderr).toContain('no checkpoint can be used, so the run begins again at step 1');
});

test('data that changed since is not gone on with', async () => {
  const here = await temporaryFolder();
  await writePairs(path.join(here, 'data'));
  const { child, done, until } = start(['train', 'data', ...settings, '--json'], here);
  await until(/"step":5,/);
  child.kill('SIGINT');
  const { run: stopped } = jsonLines((await done).stdout).at(-1) as { run: string };
  await writePairs(path.join(here, 'data'), 301);
  const { code, stderr } = await run(['resume', stopped], here);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: [^\n]*changed[^\n]*\n$/);
});

test('when nobody reads the events any more the run stops, resumable', async () => {
  const { child, done, until } = start(['train', 'data', ...settings, '--runs', 'unread', '--json'], folder);
  await until(/"step":5,/);
  child.stdout?.destroy();
  const { code, stderr } = await done;
  expect(code).toBe(141);
  expect(stderr).not.toMatch(/error|EPIPE| at /);
  const [row] = jsonLines((await run(['runs', 'unread', '--json'], folder)).stdout);
  expect(row).toMatchObject({ state: 'stopped' });
});

test('a second Ctrl-C ends it at once; the same key told twice by npm does not', async () => {
  const here = await temporaryFolder();
  const script = await program(
    here,
    `import { watchForStop } from '../../../src/cli/stop';
     const { signal } = watchForStop();
     signal.addEventListener('abort', () => console.log('asked'));
     setInterval(() => undefined, 1000);
     console.log('ready');`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  await sleep(700);
  expect(child.exitCode).toBeNull();
  child.kill('SIGINT');
  expect(await exit).toEqual([130, null]);
});

test('what failed without being the user’s fault has a stack and says where to report', async () => {
  const here = await temporaryFolder();
  const script = await program(
    here,
    `import { reportFailure } from '../../../src/cli/failure';
     process.exitCode = reportFailure(new TypeError('x is not a function'), true);`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part) => (stdout += part));
  child.stderr.on('data', (part) => (stderr += part));
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(jsonLines(stdout)).toEqual([{ event: 'failed', code: 'internal', message: 'x is not a function' }]);
  expect(stderr).toMatch(/TypeError: x is not a function\n +at .*\n[^]*report it/);
});
