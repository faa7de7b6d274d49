import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunRecord } from '../../src/protocol/run';
import { run } from '../cli/support';

/** A line of `metrics.jsonl`: what the tests look at. */
export interface LogRow {
  readonly event: string;
  /** Of a baseline. */
  readonly kind?: string;
  readonly step?: number;
  readonly loss?: number;
  /** Since the run began. */
  readonly seconds?: number;
  readonly split?: string;
  readonly metrics?: Readonly<Record<string, number>>;
}

export interface RunOnDisk {
  readonly folder: string;
  readonly record: RunRecord;
  readonly log: readonly LogRow[];
}

/** The run folders of a workspace, the newest last. */
export async function runFolders(workspace: string): Promise<string[]> {
  const parent = path.join(workspace, '.infonce/runs');
  const names: string[] = await readdir(parent).catch(() => []);
  return names.sort().map((name) => path.join(parent, name));
}

/** Reads a run with nothing but JSON: the engine's own readers are what is tested. */
export async function readRun(folder: string): Promise<RunOnDisk> {
  const record = JSON.parse(await readFile(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
  const lines = (await readFile(path.join(folder, 'metrics.jsonl'), 'utf8')).split('\n');
  return {
    folder,
    record,
    log: lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LogRow),
  };
}

export async function newestRun(workspace: string): Promise<RunOnDisk> {
  const folder = (await runFolders(workspace)).at(-1);
  if (folder === undefined) throw new Error(`there is no run in ${workspace}`);
  return await readRun(folder);
}

/** Trains with the command line, as it is no matter here who did. */
export async function trainBefore(workspace: string, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(['train', ...args], workspace);
  if (code !== 0) throw new Error(`infonce train ${args.join(' ')}: ${stderr}`);
}
