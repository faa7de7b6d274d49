import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../../protocol/errors';
import { type DatasetConfig, datasetConfigSchema, readConfigFile } from '../data/config';
import { fileError } from '../run/files';
import { firstIssue } from '../run/record';
import { type ConfigOverrides, parseTrainConfig } from './overrides';

/** What is set about a dataset and its training, where not everything is found out. */
export interface Settings {
  readonly reading: DatasetConfig;
  readonly train: ConfigOverrides;
}

const fileSchema = datasetConfigSchema.extend({
  $schema: z.string().optional(),
  train: z.unknown().optional(),
});

async function readFileOfSettings(file: string): Promise<Settings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UserError('bad-config', `not JSON: ${(error as Error).message}`, { file }, { cause: error });
  }
  const result = fileSchema.safeParse(value);
  if (!result.success) throw new UserError('bad-config', firstIssue(result.error), { file });
  const { $schema: _schema, train, ...reading } = result.data;
  return { reading, train: parseTrainConfig(train, file) };
}

/** Later settings win, each on its own: a file that sets the temperature leaves the blocks of an image model alone. */
export function layer(base: ConfigOverrides, over: ConfigOverrides): ConfigOverrides {
  const text = { ...base.text, ...over.text };
  const augment = { ...base.image?.augment, ...over.image?.augment };
  const image = { ...base.image, ...over.image, ...(Object.keys(augment).length > 0 && { augment }) };
  const vector = { ...base.vector, ...over.vector };
  const nested = Object.entries({ text, image, vector }).filter(([, part]) => Object.keys(part).length > 0);
  return { ...base, ...over, ...Object.fromEntries(nested) };
}

/**
 * The folder's `infonce.json`, overridden by the file given.
 * @throws UserError naming the file and the setting.
 */
export async function readSettings(folder: string, file?: string): Promise<Settings> {
  const { dataset, train } = await readConfigFile(folder);
  const own: Settings = { reading: dataset, train: parseTrainConfig(train, 'infonce.json') };
  if (file === undefined) return own;
  const over = await readFileOfSettings(file);
  return { reading: { ...own.reading, ...over.reading }, train: layer(own.train, over.train) };
}
