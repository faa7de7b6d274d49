import path from 'node:path';
import { type SplitName, splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { Dataset, Relations, Split } from '../data/dataset';
import { commitFile } from './files';
import { encodeSafetensors, readSafetensors } from './safetensors';
import type { NamedTensor } from './tensors';

const fileName = 'relations.safetensors';
const thresholdKey = 'positiveThreshold';

/** Which items of a run belong together; values are rows of `items.jsonl`. */
export interface RunRelations extends Pick<Dataset, 'positiveThreshold'> {
  readonly splits: ReadonlyMap<SplitName, Pick<Split, 'relations'>>;
}

/**
 * Keeps the relations of a dataset with a run: `train.anchor`, `train.positive` and `train.negatives` [rows, m] of pairs,
 * `train.first`, `train.second` and `train.score` of scored pairs, `train.item` of labelled items; the same for dev and test.
 * @throws UserError when it cannot be written.
 */
export async function writeRelations(folder: string, dataset: Dataset): Promise<void> {
  const { splits, positiveThreshold } = dataset;
  const tensors = [...splits].flatMap(([name, { relations }]) => tensorsOf(name, relations));
  const metadata = {
    ...Object.fromEntries([...splits].map(([name, { relations }]) => [name, relations.type])),
    ...(positiveThreshold !== undefined && { [thresholdKey]: `${positiveThreshold}` }),
  };
  await commitFile(path.join(folder, fileName), encodeSafetensors(tensors, metadata));
}

function tensorsOf(split: SplitName, relations: Relations): NamedTensor[] {
  const column = (name: string, data: Int32Array | Float32Array, width?: number): NamedTensor => ({
    name: `${split}.${name}`,
    shape: width === undefined ? [data.length] : [data.length / Math.max(1, width), width],
    data,
  });
  switch (relations.type) {
    case 'pairs': {
      const { anchor, positive, negatives, negativesPerRow } = relations;
      const given = negativesPerRow === 0 ? [] : [column('negatives', negatives, negativesPerRow)];
      return [column('anchor', anchor), column('positive', positive), ...given];
    }
    case 'scored':
      return [
        column('first', relations.first),
        column('second', relations.second),
        column('score', relations.score),
      ];
    case 'members':
      return [column('item', relations.item)];
  }
}

/**
 * @param items number of items of the run.
 * @returns undefined for runs of version 0.1.0, which kept none.
 * @throws UserError `damaged-run` when the file is not about these items.
 */
export async function readRelations(folder: string, items: number): Promise<RunRelations | undefined> {
  const file = path.join(folder, fileName);
  const read = await readSafetensors(file).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'path-missing') return undefined;
    throw error;
  });
  if (read === undefined) return undefined;
  const columns = new Columns(new Map(read.tensors.map((tensor) => [tensor.name, tensor])), items, file);
  const splits = splitNames.flatMap((name): [SplitName, { relations: Relations }][] => {
    const type = read.metadata.get(name);
    return type === undefined ? [] : [[name, { relations: columns.relations(name, type) }]];
  });
  const threshold = Number(read.metadata.get(thresholdKey) ?? Number.NaN);
  return {
    splits: new Map(splits),
    ...(Number.isFinite(threshold) && { positiveThreshold: threshold }),
  };
}

/** The tensors of the file, each checked against the items of the run. */
class Columns {
  constructor(
    private readonly tensors: ReadonlyMap<string, NamedTensor>,
    private readonly items: number,
    private readonly file: string,
  ) {}

  relations(split: SplitName, type: string): Relations {
    if (type === 'pairs') {
      const anchor = this.rows(`${split}.anchor`);
      const positive = this.rows(`${split}.positive`, anchor.length);
      const width = this.tensors.get(`${split}.negatives`)?.shape[1] ?? 0;
      const negatives =
        width === 0 ? new Int32Array(0) : this.rows(`${split}.negatives`, anchor.length * width, -1);
      return { type, anchor, positive, negatives, negativesPerRow: width };
    }
    if (type === 'scored') {
      const first = this.rows(`${split}.first`);
      const second = this.rows(`${split}.second`, first.length);
      const score = this.tensors.get(`${split}.score`)?.data;
      if (!(score instanceof Float32Array) || score.length !== first.length)
        throw this.damaged(`${split}.score`);
      return { type, first, second, score };
    }
    if (type !== 'members') throw this.damaged(split);
    return { type, item: this.rows(`${split}.item`) };
  }

  private rows(name: string, length?: number, least = 0): Int32Array {
    const data = this.tensors.get(name)?.data;
    const fits = data instanceof Int32Array && (length === undefined || data.length === length);
    if (!fits || data.some((row) => row < least || row >= this.items)) throw this.damaged(name);
    return data;
  }

  private damaged(name: string): UserError {
    const { file, items } = this;
    return new UserError(
      'damaged-run',
      `${file} cannot be used: "${name}" is not about the ${items} rows of items.jsonl; restore it, or train again`,
      { file },
    );
  }
}
