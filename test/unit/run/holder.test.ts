import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { hold, isHeld, liveHolder } from '../../../src/engine/run/holder';
import { program, refusal, temporaryFolder } from './support';

/** Says `held` or the code of the refusal, then waits to be killed. */
const source = `
  import { hold } from '../../../src/engine/run/holder';
  hold(process.argv[2]).then(() => console.log('held'), (error) => console.log(error.code));
  setTimeout(() => undefined, 60000);`;

async function start(script: string, folder: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, said };
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('one at a time; released, it is free and nothing is left', async () => {
  const folder = await temporaryFolder();
  const first = await hold(folder);
  expect(await isHeld(folder)).toBe(true);
  expect((await refusal(hold(folder))).message).toContain(`process ${process.pid}`);
  await first.release();
  await first.release();
  expect(await isHeld(folder)).toBe(false);
  expect(await readdir(folder)).toEqual([]);
  await (await hold(folder)).release();
});

test('after a kill nobody has to clean up, however often it happens', async () => {
  const folder = await temporaryFolder();
  const script = await program(await temporaryFolder(), source);
  for (let i = 0; i < 3; i++) {
    const { child, said } = await start(script, folder);
    expect(said).toBe('held');
    expect((await refusal(hold(folder))).code).toBe('run-held');
    await killed(child);
    expect(await isHeld(folder)).toBe(false);
  }
  const mine = await hold(folder);
  expect(await isHeld(folder)).toBe(true);
  await mine.release();
  expect(await readdir(folder)).toEqual([]);
});

test('of many that take over from a dead holder exactly one succeeds', async () => {
  const folder = await temporaryFolder();
  const script = await program(await temporaryFolder(), source);
  await killed((await start(script, folder)).child);
  const contenders = await Promise.all(Array.from({ length: 8 }, () => start(script, folder)));
  expect(contenders.map(({ said }) => said).sort()).toEqual([
    'held',
    ...new Array<string>(7).fill('run-held'),
  ]);
});

test('a file torn by a kill holds nothing, twice over', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'holder.json'), '{"pid":');
  const mine = await hold(folder);
  const [, next] = (await readdir(folder)).sort().reverse();
  await mine.release();
  await writeFile(path.join(folder, 'holder.json'), '');
  await writeFile(path.join(folder, next as string), '');
  await (await hold(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

test('a pid that was given to another process is not the holder', async () => {
  const folder = await temporaryFolder();
  await hold(folder);
  const file = path.join(folder, 'holder.json');
  const holder = JSON.parse(await readFile(file, 'utf8')) as object;
  expect(await isHeld(folder)).toBe(true);
  await writeFile(file, JSON.stringify({ ...holder, startTime: '1' }));
  expect(await isHeld(folder)).toBe(process.platform !== 'linux');
});

test('on another machine only its signs of life count', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'holder.json');
  await writeFile(
    file,
    JSON.stringify({ pid: process.pid, startTime: null, host: `not-${hostname()}`, nonce: 'ab' }),
  );
  expect((await refusal(hold(folder))).message).toContain(`on not-${hostname()}`);
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(file, longAgo, longAgo);
  expect(await isHeld(folder)).toBe(false);
});

test('a file that names no process that it can prove holds nothing', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'holder.json');
  const named = { host: hostname(), nonce: 'ab' };
  // Signalling these would reach whole groups of processes.
  for (const pid of [-1, 0]) {
    await writeFile(file, JSON.stringify({ ...named, pid, startTime: null }));
    expect(await liveHolder(folder)).toBeUndefined();
  }
  await writeFile(file, JSON.stringify({ ...named, pid: process.pid, startTime: null }));
  expect((await liveHolder(folder)) === undefined).toBe(process.platform === 'linux');
});

test('files that lead in a circle are told, not followed for ever', async () => {
  const folder = await temporaryFolder();
  const gone = { pid: 1, startTime: 'never', host: hostname(), nonce: 'abc' };
  for (const name of ['holder.json', 'holder-abc.json']) {
    await writeFile(path.join(folder, name), JSON.stringify(gone));
  }
  const refused = await refusal(isHeld(folder));
  expect(refused).toMatchObject({ code: 'damaged-run', file: path.join(folder, 'holder-abc.json') });
  expect((await refusal(hold(folder))).code).toBe('damaged-run');
});
