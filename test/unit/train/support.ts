import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import type { Dataset } from '../../../src/engine/data/dataset';
import { random, shuffle } from '../../../src/engine/random';
import { RunFolder } from '../../../src/engine/run/folder';
import { loadNative } from '../../../src/engine/tensorflow/native';
import { chooseConfig } from '../../../src/engine/train/defaults';
import type { ConfigOverrides } from '../../../src/engine/train/overrides';
import { type TrainOptions, type TrainOutcome, train } from '../../../src/engine/train/train';
import type { TrainEvent } from '../../../src/protocol/run';

let runs: string | undefined;
afterAll(() => {
  if (runs !== undefined) rmSync(runs, { recursive: true, force: true });
});

export interface Told {
  readonly run: RunFolder;
  readonly events: readonly TrainEvent[];
  readonly outcome: TrainOutcome;
}

type Watching = Pick<TrainOptions, 'signal' | 'onProgress'> & {
  readonly onEvent?: (event: TrainEvent) => void;
  /** A stopped run to go on with. */
  readonly resume?: RunFolder;
  /** Where the run goes, handed over before it starts, since a failure hands nothing back. */
  readonly onRun?: (run: RunFolder) => void;
};

/** A run as the command line does it, on a dataset that was read; the folder is released at the end. */
export async function trainOn(
  dataset: Dataset,
  overrides: ConfigOverrides,
  { onEvent, resume, onRun, ...watching }: Watching = {},
): Promise<Told> {
  runs ??= realpathSync(mkdtempSync(path.join(tmpdir(), 'infonce-train-')));
  const backend = await loadNative();
  const run = resume ? await RunFolder.open(resume.path) : await RunFolder.create(runs);
  if (resume) await run.hold();
  onRun?.(run);
  const { config, choices } = resume ? run.record : await chooseConfig(dataset, overrides);
  const events: TrainEvent[] = [];
  try {
    const outcome = await train({
      dataset,
      datasetPath: dataset.root,
      config,
      choices,
      run,
      environment: {
        version: '0',
        backend: backend.name,
        tensorflow: backend.version,
        node: process.versions.node,
        platform: process.platform,
        threads: backend.threads,
      },
      startedAt: performance.now(),
      resume: resume !== undefined,
      onEvent: (event) => {
        events.push(event);
        onEvent?.(event);
      },
      ...watching,
    });
    return { run, events, outcome };
  } finally {
    await run.release();
  }
}

export function completed({ outcome }: Told): Extract<TrainOutcome, { state: 'completed' }> {
  if (outcome.state !== 'completed') throw new Error(`the run is ${outcome.state}`);
  return outcome;
}

export function fileOf(run: RunFolder, name: string): Buffer | undefined {
  const file = path.join(run.path, name);
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** What a run leaves of its model, in one text that can be compared. */
export function modelBytes(run: RunFolder): string {
  return ['model.safetensors', 'embeddings.safetensors', 'tokenizer.json', 'model.json']
    .map((name) => fileOf(run, name)?.toString('base64') ?? '')
    .join('\n');
}

const syllables = 'ba ce di fo gu ha je ki lo mu na pe ri so tu'.split(' ');
const word = (concept: number, language: number): string =>
  [concept % 15, Math.floor(concept / 15) + 3 * language, (concept * 7 + language) % 15]
    .map((at) => syllables[at])
    .join('');

/** Three of forty things, in another order in every row. */
function concepts(seed: number, row: number): number[] {
  const all = Array.from({ length: 40 }, (_, i) => i);
  return shuffle(all, random(seed, 'concepts', 0, row)).slice(0, 6);
}

function table(header: string, count: number, row: (at: number) => string): string {
  return `${header}\n${[...new Set(Array.from({ length: count }, (_, at) => row(at)))].join('\n')}\n`;
}

function say(some: number[], language: number): string {
  return some.map((concept) => word(concept, language)).join(' ');
}

/**
 * Three things, said in one language and in another (a negative: three others). The languages share no word, so that only
 * training tells what belongs together.
 */
export function translations(count: number, seed: number, negatives = false): string {
  return table(`anchor,positive${negatives ? ',negative' : ''}`, count, (row) => {
    const drawn = concepts(seed, row);
    const given = negatives ? `,${say(drawn.slice(3), 2)}` : '';
    return `${say(drawn.slice(0, 3), 0)},${say(drawn.slice(0, 3), 2)}${given}`;
  });
}

/** Three things, and two of those `by` places further with a strange word: with 0 an untrained model finds most. */
export function shifted(count: number, seed: number, by: number): string {
  return table('anchor,positive', count, (row) => {
    const drawn = concepts(seed, row).slice(0, 3);
    const moved = drawn.map((concept, at) => word((concept + by) % 40, at === 0 ? 2 : 0));
    return `${say(drawn, 0)},${moved.join(' ')}`;
  });
}

/** Pictures with a bar, standing or lying, at a place of its own. */
export async function bars(each: number): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  const side = 16;
  for (const [label, name] of ['lying', 'standing', 'slanting'].entries())
    for (let i = 0; i < each; i++) {
      const source = random(label, 'bar', 0, i);
      const at = 3 + source.below(10);
      const data = Buffer.from(
        Array.from({ length: side * side }, (_, p) => {
          const [y, x] = [Math.floor(p / side), p % side];
          const distance = [y - at, x - at, x - y + (at - 8) / 2][label] as number;
          return (Math.abs(distance) < 2 ? 200 : 20) + source.below(30);
        }),
      );
      files[`${name}/${i}.png`] = await sharp(data, { raw: { width: side, height: side, channels: 1 } })
        .png()
        .toBuffer();
    }
  return files;
}
