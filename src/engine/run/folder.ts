import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../protocol/errors';
import type { RunRecord, RunState } from '../../protocol/run';
import type { Dataset } from '../data/dataset';
import { type Checkpoint, latestCheckpoint, stepFile, writeCheckpoint } from './checkpoints';
import {
  commitFile,
  fileError,
  isMissing,
  isTaken,
  makeFolder,
  removeTemporaryFiles,
  syncFolder,
} from './files';
import { type Hold, hold, isHeld } from './holder';
import { type ItemRow, readItemsFile, writeItemsFile } from './items-file';
import { jsonText } from './json';
import { type MetricsHistory, MetricsLog, type MetricsRow, readMetrics } from './metrics-log';
import { type ModelDescriptionFiles, readDescription, writeDescription } from './model-files';
import { parseRecord } from './record';
import { makeRunId } from './run-id';
import { readSafetensors, type TensorFile, writeSafetensors } from './safetensors';
import { type CheckedFile, findMatrix, findSafetensors, type StoredMatrix } from './safetensors-pieces';
import type { NamedTensor } from './tensors';

/** What `begin` takes: the folder itself knows the rest. */
export type NewRecord = Omit<RunRecord, 'formatVersion' | 'id' | 'name' | 'createdAt' | 'state'>;

export interface SavedModel extends ModelDescriptionFiles {
  readonly tensors: readonly NamedTensor[];
}

async function isFolder(target: string): Promise<boolean> {
  return (await stat(target).catch(() => undefined))?.isDirectory() === true;
}

/** A file of tensors that a run has once it is completed, and what is said before. */
interface ResultFile {
  readonly name: string;
  readonly code: string;
  readonly what: string;
}

const modelFile: ResultFile = { name: 'model.safetensors', code: 'no-model', what: 'trained model' };
const embeddingsFile: ResultFile = {
  name: 'embeddings.safetensors',
  code: 'no-embeddings',
  what: 'embeddings',
};

type Head = Pick<RunRecord, 'id' | 'name' | 'createdAt'> & Pick<RunRecord['dataset'], 'reading'>;

/** One run on disk: the only source of truth about it. Whoever writes holds it; any number may read. */
export class RunFolder {
  /** Absolute. */
  readonly path: string;
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly #reading: RunRecord['dataset']['reading'];
  readonly #log: MetricsLog;
  #record: RunRecord | undefined;
  #hold: Hold | undefined;

  private constructor(folder: string, head: Head, record?: RunRecord) {
    this.path = folder;
    this.id = head.id;
    this.name = head.name;
    this.createdAt = head.createdAt;
    this.#reading = head.reading;
    this.#record = record;
    this.#log = new MetricsLog(path.join(folder, 'metrics.jsonl'));
  }

  /**
   * Makes a new folder, held by this process; `begin` writes its record.
   * @param reading how the dataset was read, for the record.
   * @throws UserError where nothing can be written.
   */
  static async create(
    runsDir: string,
    name?: string,
    now: Date = new Date(),
    reading?: Head['reading'],
  ): Promise<RunFolder> {
    const parent = path.resolve(runsDir);
    for (;;) {
      const id = makeRunId(now, name);
      const folder = path.join(parent, id);
      try {
        await mkdir(parent, { recursive: true });
        await mkdir(folder);
      } catch (error) {
        if (isTaken(error)) {
          // Either another run of this second drew the same four digits, or the parent is a file.
          if (await isFolder(parent)) continue;
          throw new UserError('not-a-folder', `${parent} is a file: choose another folder with --runs`, {
            file: parent,
          });
        }
        throw fileError(error, 'create a run in', parent);
      }
      await syncFolder(parent);
      const createdAt = now.toISOString();
      const run = new RunFolder(folder, { id, name: name ?? id, createdAt, ...(reading && { reading }) });
      run.#hold = await hold(folder);
      return run;
    }
  }

  /** Reads a run's record. @throws UserError when there is no run, it is damaged, or written by a newer version. */
  static async open(folder: string): Promise<RunFolder> {
    const absolute = path.resolve(folder);
    const file = path.join(absolute, 'run.json');
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (!isMissing(error)) throw fileError(error, 'read', file);
      throw new UserError('no-run', `${folder} is not a run: it holds no run.json`, {
        file: folder,
      });
    }
    const record = parseRecord(text, file);
    return new RunFolder(absolute, { ...record, ...record.dataset }, record);
  }

  /** The record as last read or written here. */
  get record(): RunRecord {
    if (this.#record === undefined)
      throw new Error(`run ${this.id} has no record yet: begin() was not called`);
    return this.#record;
  }

  /** Makes this process the run's only writer. @throws UserError `run-held` when a live one has it. */
  async hold(): Promise<void> {
    this.#hold ??= await hold(this.path);
    for (const folder of ['', 'checkpoints', 'snapshots'])
      await removeTemporaryFiles(path.join(this.path, folder));
    if (this.#record !== undefined) this.#record = (await RunFolder.open(this.path)).record;
  }

  /** Closes the log and lets others write; to be called at the end, whatever the end. Twice is harmless. */
  async release(): Promise<void> {
    try {
      this.#log.close();
    } finally {
      await this.#hold?.release();
      this.#hold = undefined;
    }
  }

  /** The state to show: a record that says `running` without a live holder was interrupted. */
  async state(): Promise<RunState> {
    const { state } = this.record;
    if (state !== 'running' || this.#hold !== undefined || (await isHeld(this.path))) return state;
    // It may have ended between the two looks.
    const { state: now } = (await RunFolder.open(this.path)).record;
    return now === 'running' ? 'interrupted' : now;
  }

  /** Gives the run back; a folder in which nothing was ever begun goes with it. */
  async releaseOrDiscard(): Promise<void> {
    await this.release();
    if (this.#record === undefined) await rm(this.path, { recursive: true, force: true });
  }

  /** Writes the first record, state `running`. */
  async begin(record: NewRecord): Promise<void> {
    const { id, name, createdAt } = this;
    const dataset = { ...record.dataset, ...(this.#reading && { reading: this.#reading }) };
    await this.#commit({ formatVersion: 1, id, name, state: 'running', createdAt, ...record, dataset });
  }

  /** Commits the record with these fields changed. A new state forgets the failure of an old one. */
  async update(patch: Partial<Omit<RunRecord, 'formatVersion' | 'id'>>): Promise<void> {
    const { failure, ...rest } = this.record;
    const kept = patch.state === undefined && failure !== undefined ? { failure } : {};
    await this.#commit({ ...rest, ...kept, ...patch });
  }

  async #commit(record: RunRecord): Promise<void> {
    if (this.#hold === undefined) throw new Error(`run ${this.id} is written without being held`);
    await commitFile(path.join(this.path, 'run.json'), jsonText(record));
    this.#record = record;
  }

  appendMetrics(row: MetricsRow): void {
    this.#log.append(row);
  }

  /** Makes the metrics durable; at every evaluation. */
  flushMetrics(): void {
    this.#log.flush();
  }

  async readMetrics(): Promise<MetricsHistory> {
    return readMetrics(path.join(this.path, 'metrics.jsonl'));
  }

  async writeItems(dataset: Dataset): Promise<void> {
    await writeItemsFile(path.join(this.path, 'items.jsonl'), dataset);
  }

  async readItems(): Promise<ItemRow[]> {
    return readItemsFile(path.join(this.path, 'items.jsonl'));
  }

  async writeCheckpoint(
    step: number,
    tensors: readonly NamedTensor[],
    state: Readonly<Record<string, string>>,
  ): Promise<void> {
    await writeCheckpoint(path.join(this.path, 'checkpoints'), step, tensors, state);
  }

  /** @param onDamaged told of each newer checkpoint that is passed over, and why. */
  async latestCheckpoint(onDamaged?: (why: string) => void): Promise<Checkpoint | undefined> {
    return latestCheckpoint(path.join(this.path, 'checkpoints'), onDamaged);
  }

  async writeSnapshot(
    step: number,
    tensors: readonly NamedTensor[],
    metadata: Readonly<Record<string, string>>,
  ): Promise<void> {
    const folder = path.join(this.path, 'snapshots');
    await makeFolder(folder);
    await writeSafetensors(path.join(folder, stepFile(step)), tensors, metadata);
  }

  /** What the model is built from, so that a run which is still training can be looked into by its checkpoints. */
  async writeDescription(model: unknown, tokenizer?: string): Promise<void> {
    await writeDescription(this.path, model, tokenizer);
  }

  /** @throws UserError what is wrong with the files. */
  async readDescription(): Promise<ModelDescriptionFiles> {
    return readDescription(this.path);
  }

  /** `model.safetensors` comes last: where it is, the other two are. */
  async writeModel(tensors: readonly NamedTensor[], model: unknown, tokenizer?: string): Promise<void> {
    await this.writeDescription(model, tokenizer);
    await writeSafetensors(path.join(this.path, modelFile.name), tensors, {}, { checksum: true });
  }

  /** @throws UserError `no-model` when the run never got as far, or what is wrong with the files. */
  async readModel(): Promise<SavedModel> {
    const { tensors } = await this.#read(modelFile, readSafetensors);
    return { tensors, ...(await this.readDescription()) };
  }

  /** `model.safetensors` as it is, to be copied. @throws UserError like `readModel`. */
  async findModel(): Promise<CheckedFile> {
    return this.#read(modelFile, findSafetensors);
  }

  /** One tensor `embeddings` [items, dimensions] in the order of `items.jsonl`. */
  async writeEmbeddings(tensors: readonly NamedTensor[]): Promise<void> {
    await writeSafetensors(path.join(this.path, embeddingsFile.name), tensors);
  }

  /** @throws UserError `no-embeddings` when the run never got as far, or what is wrong with the file. */
  async readEmbeddings(): Promise<TensorFile> {
    return this.#read(embeddingsFile, readSafetensors);
  }

  /** The same, to be read a few rows at a time. @throws UserError like `readEmbeddings`. */
  async findEmbeddings(): Promise<StoredMatrix> {
    return this.#read(embeddingsFile, async (file) => await findMatrix(file, 'embeddings'));
  }

  async #read<T>({ name, code, what }: ResultFile, read: (file: string) => Promise<T>): Promise<T> {
    const file = path.join(this.path, name);
    try {
      return await read(file);
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'path-missing') throw error;
      const state = await this.state();
      throw new UserError(
        code,
        `run ${this.id} (${state}) has no ${what}: ${name} is not there`,
        { file },
        { cause: error },
      );
    }
  }
}
