import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
export const cli = path.join(root, 'dist/cli.js');

/** What is tested is what the sources say now. */
export function buildProgram(): void {
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
}

async function makeFolder(): Promise<string> {
  return await mkdtemp(path.join(tmpdir(), 'infonce cli '));
}

/** A folder for one test; its name has blanks, as users' folders do. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder for all tests of a file. */
export async function sharedFolder(): Promise<string> {
  const folder = await makeFolder();
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Outcome>;
  /** Resolves when stdout so far has what is looked for. */
  readonly until: (pattern: RegExp) => Promise<void>;
}

/** Starts the built program as a user would. */
export function start(args: readonly string[], cwd: string): Running {
  const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
    });
  }
  const done = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    ...text,
  }));
  return {
    child,
    done,
    async until(pattern) {
      while (!pattern.test(text.stdout)) {
        if (child.exitCode !== null)
          throw new Error(`it ended without ${pattern}: ${text.stdout}${text.stderr}`);
        await once(child.stdout, 'data');
      }
    },
  };
}

export async function run(args: readonly string[], cwd: string): Promise<Outcome> {
  return await start(args, cwd).done;
}

type Row = Record<string, unknown>;

/** Every line of the output as an object; a line that is none fails the test. */
export function jsonLines(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

const things = ['cup', 'door', 'lamp', 'boat', 'tree', 'stone', 'bird', 'coat', 'knife', 'wheel'];
const makers = [
  'potter',
  'joiner',
  'smith',
  'tailor',
  'farmer',
  'baker',
  'mason',
  'weaver',
  'miller',
  'cooper',
];
const places = ['north', 'south', 'east', 'west', 'hill', 'coast'];

/** Questions with one answer each: `rows` of at most 600 pairs, all different, some words in common. */
export async function writePairs(folder: string, rows = 300, header = 'anchor,positive'): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = Array.from({ length: rows }, (_, i) => {
    const [thing, maker, place] = [i % 10, Math.floor(i / 10) % 10, Math.floor(i / 100) % 6];
    return `who made the ${things[thing]} number ${i} for the ${makers[maker]},the ${things[thing]} of the ${makers[maker]} came from the ${places[place]} in year ${1000 + i}`;
  });
  await writeFile(path.join(folder, 'data.csv'), `${header}\n${lines.join('\n')}\n`);
}
