import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { layouts } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import { configName } from './formats';

const column = z.string().min(1);
const columns = z.strictObject({
  anchor: column.optional(),
  positive: column.optional(),
  negatives: z.array(column).optional(),
  score: column.optional(),
  text: column.optional(),
  label: column.optional(),
  vector: z.array(column).min(1).optional(),
  user: column.optional(),
  item: column.optional(),
  time: column.optional(),
  split: column.optional(),
  image: column.optional(),
});

export const datasetConfigSchema = z.strictObject({
  /** What the folder is, where guessing goes wrong. */
  layout: z.enum(layouts).optional(),
  /** Which column is what; columns not named here are guessed. */
  columns: columns.optional(),
  /** Only these files, relative to the folder, with `/`. */
  files: z.array(z.string().min(1)).min(1).optional(),
  /** Scored pairs: from this score on a pair is a positive. */
  positiveThreshold: z.number().optional(),
  image: z
    .strictObject({
      /** Side in pixels to which every image is resized. */
      size: z.number().int().min(4).max(512).multipleOf(4).optional(),
      channels: z.union([z.literal(1), z.literal(3)]).optional(),
    })
    .optional(),
});

/** The part of `infonce.json` that says how the folder is read. */
export type DatasetConfig = z.infer<typeof datasetConfigSchema>;
export type ColumnsConfig = NonNullable<DatasetConfig['columns']>;

/** The columns that the config names, by role; what it leaves open is not there. */
export function namedColumns(
  columns: ColumnsConfig,
): [role: keyof ColumnsConfig, names: string | readonly string[]][] {
  const entries = Object.entries(columns) as [keyof ColumnsConfig, string | readonly string[] | undefined][];
  return entries.flatMap(([role, names]) => (names === undefined ? [] : [[role, names]]));
}

const fileSchema = datasetConfigSchema.extend({
  $schema: z.string().optional(),
  train: z.unknown().optional(),
});

/**
 * Reads `infonce.json` of a folder; both parts are empty where there is none. `train` is checked by the training.
 *
 * @throws UserError `bad-config`, naming the key
 */
export async function readConfigFile(folder: string): Promise<{ dataset: DatasetConfig; train: unknown }> {
  let text: string;
  try {
    text = await readFile(path.join(folder, configName), 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    // ENOTDIR: a single data file was given instead of a folder.
    if (code === 'ENOENT' || code === 'ENOTDIR') return { dataset: {}, train: undefined };
    throw new UserError(
      'bad-config',
      `${configName} cannot be read: ${message}`,
      { file: configName },
      { cause },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const { message } = cause as Error;
    const at = /position (\d+)/.exec(message)?.[1];
    const line = at === undefined ? 1 : text.slice(0, Number(at)).split('\n').length;
    const problem = `${configName}, line ${line}: not valid JSON: ${message}`;
    throw new UserError('bad-config', problem, { file: configName, line }, { cause });
  }
  const result = fileSchema.safeParse(value);
  if (!result.success) {
    const details = result.error.issues.map((issue) => {
      const key = issue.path.join('.');
      return key === '' ? issue.message : `key "${key}": ${issue.message}`;
    });
    throw new UserError('bad-config', `${configName}: ${details.join('; ')}`, { file: configName });
  }
  const { $schema: _schema, train, ...dataset } = result.data;
  return { dataset, train };
}
