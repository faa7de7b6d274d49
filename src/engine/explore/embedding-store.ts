import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../protocol/errors';
import type { Position } from '../../protocol/explore';
import { stepFile, stepsIn } from '../run/checkpoints';
import { isMissing } from '../run/files';
import type { RunFolder } from '../run/folder';
import { readSafetensors } from '../run/safetensors';
import { type Embeddings, toEmbeddings } from './embeddings';
import { Once } from './once';

/** Positions held in memory: the slider goes back and forth between neighbours. */
const held = 6;

interface Entry {
  readonly embeddings: Once<Embeddings>;
  /** Tells whether the file is still the one that was read. */
  readonly version: string;
}

const embeddingsFile = 'embeddings.safetensors';

/** Embeddings of a run by position, read once while their file stays as it is. */
export class EmbeddingStore {
  private readonly entries = new Map<Position, Entry>();

  constructor(
    private readonly run: RunFolder,
    /** Number of items of the run. */
    private readonly items: number,
  ) {}

  /** Steps of the snapshots, ascending. */
  async steps(): Promise<number[]> {
    const snapshots = await stepsIn(path.join(this.run.path, 'snapshots'));
    return snapshots.map(({ step }) => step).reverse();
  }

  /** Whether the run has come to its end: its model and every item's embedding are there. */
  async hasFinal(): Promise<boolean> {
    return (await versionOf(this.fileOf('final'))) !== undefined;
  }

  /** @throws UserError where the run has nothing at this position, or the file is damaged. */
  async at(position: Position): Promise<Embeddings> {
    const file = this.fileOf(position);
    const version = await versionOf(file);
    if (version === undefined) throw await this.nothingAt(position, file);
    const known = this.entries.get(position);
    this.entries.delete(position);
    const entry =
      known?.version === version ? known : { version, embeddings: new Once(() => this.read(position, file)) };
    this.entries.set(position, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= held) break;
      if (oldest !== 'final') this.entries.delete(oldest);
    }
    return await entry.embeddings.get();
  }

  private async read(position: Position, file: string): Promise<Embeddings> {
    const tensors = await readSafetensors(file);
    const { items } = this;
    if (position === 'final') return toEmbeddings(tensors, { file, items, matrix: 'embeddings' });
    return toEmbeddings(tensors, { file, items, matrix: 'probe.embeddings', named: 'probe.items' });
  }

  private fileOf(position: Position): string {
    const { path: folder } = this.run;
    if (position === 'final') return path.join(folder, embeddingsFile);
    return path.join(folder, 'snapshots', stepFile(position));
  }

  private async nothingAt(position: Position, file: string): Promise<UserError> {
    const { id } = this.run;
    const state = await this.run.state();
    if (position === 'final')
      return new UserError(
        'no-embeddings',
        `run ${id} (${state}) has no embeddings: ${embeddingsFile} is not there`,
        { file },
      );
    const steps = await this.steps();
    const those = steps.length === 0 ? 'none yet' : steps.join(', ');
    return new UserError('no-snapshot', `run ${id} kept nothing at step ${position}; it has: ${those}`, {
      file,
    });
  }
}

async function versionOf(file: string): Promise<string | undefined> {
  let info: Stats;
  try {
    info = await stat(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return `${info.mtimeMs} ${info.size} ${info.ino}`;
}
