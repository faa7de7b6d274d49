import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import type { Dataset, Items, Relations, Split } from '../../../src/engine/data/dataset';
import type { NewRecord } from '../../../src/engine/run/folder';
import type { SplitName } from '../../../src/protocol/dataset';
import { UserError } from '../../../src/protocol/errors';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'infonce-run-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The error of a call that must be refused. */
export async function refusal(action: Promise<unknown>): Promise<UserError> {
  const outcome = await action.then(
    () => 'it was accepted',
    (error: unknown) => error,
  );
  if (outcome instanceof UserError) return outcome;
  throw new Error('expected a UserError', { cause: outcome });
}

/** A program that runs outside this process, made from TypeScript that may import the engine. */
export async function program(folder: string, source: string): Promise<string> {
  const file = path.join(folder, 'program.cjs');
  await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    outfile: file,
    logLevel: 'silent',
  });
  return file;
}

/** Whether this machine lets a test mount a file system of its own. */
export function canMount(): boolean {
  try {
    execFileSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const noItems: Items = {
  kind: 'text',
  count: 0,
  content: [],
  label: new Int32Array(),
  file: new Int32Array(),
  line: new Int32Array(),
};

/** A dataset of these items; nothing of it is on disk. */
export function dataset(
  items: Partial<Items> & Pick<Items, 'content'>,
  splits: Partial<Record<SplitName, { items: number[]; relations: Relations }>>,
  labels: string[] = [],
): Dataset {
  const { length } = items.content;
  return {
    root: path.parse(process.cwd()).root,
    layout: 'pairs',
    items: {
      ...noItems,
      count: length,
      label: new Int32Array(length).fill(-1),
      file: new Int32Array(length),
      line: Int32Array.from({ length }, (_, i) => i + 2),
      ...items,
    },
    labels,
    files: ['train.csv'],
    splits: new Map(
      Object.entries(splits).map(([name, split]): [SplitName, Split] => [
        name as SplitName,
        { items: Int32Array.from(split.items), relations: split.relations },
      ]),
    ),
    columns: {},
    problems: [],
    fingerprint: 'f'.repeat(64),
  };
}

export function pairs(anchor: number[], positive: number[], negatives: number[] = []): Relations {
  return {
    type: 'pairs',
    anchor: Int32Array.from(anchor),
    positive: Int32Array.from(positive),
    negatives: Int32Array.from(negatives),
    negativesPerRow: negatives.length / anchor.length,
  };
}

export const record: NewRecord = {
  dataset: {
    path: '../../data',
    layout: 'pairs',
    kind: 'text',
    fingerprint: 'f'.repeat(64),
    splits: { train: { items: 4, relations: 2 }, dev: { items: 2, relations: 1 } },
  },
  config: {
    objective: 'infonce',
    seed: 1,
    epochs: 3,
    batchSize: 64,
    learningRate: 0.01,
    weightDecay: 0,
    warmup: 0.1,
    finalLearningRate: 0.1,
    temperature: 0.05,
    symmetric: true,
    negatives: 'in-batch',
    dimensions: 256,
    patience: 0,
    evaluationsPerEpoch: 1,
    text: { vocabularySize: 8000, idf: 'rows', dense: 0 },
    image: {
      size: 32,
      channels: 1,
      blocks: [32, 64],
      augment: { rotate: 0.1, shift: 0.1, scale: 0.1, mirror: false, noise: 0.02 },
    },
    vector: { hidden: [128], noise: 0.1 },
  },
  choices: [{ setting: 'temperature', value: '0.05', because: 'dev recall@1 0.9 against 0.8 at 0.1' }],
  environment: {
    version: '0.1.0',
    backend: 'tensorflow',
    tensorflow: '2.21.0',
    node: '20.20.2',
    platform: 'linux-x64',
    threads: 2,
  },
  steps: 30,
  parameters: 1000,
};
