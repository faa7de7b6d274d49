import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../protocol/errors';
import { commitFile, fileError, isMissing } from './files';
import { jsonText } from './json';

/** What an encoder is built from, besides its tensors. */
export interface ModelDescriptionFiles {
  /** `model.json`, unchecked. */
  readonly model: unknown;
  readonly tokenizer: string | undefined;
}

/** `model.json` comes last: where it is, the tokenizer is. */
export async function writeDescription(run: string, model: unknown, tokenizer?: string): Promise<void> {
  if (tokenizer !== undefined) await commitFile(path.join(run, 'tokenizer.json'), tokenizer);
  await commitFile(path.join(run, 'model.json'), jsonText(model));
}

/** @throws UserError what is wrong with the files, `path-missing` where there is no `model.json`. */
export async function readDescription(run: string): Promise<ModelDescriptionFiles> {
  const file = path.join(run, 'model.json');
  const text = await readText(file);
  if (text === undefined) {
    throw new UserError('path-missing', `${file} is not there: restore it, or train again`, { file });
  }
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      'damaged-run',
      `${file} is not JSON: restore it, or train again`,
      { file },
      { cause: error },
    );
  }
  return { model, tokenizer: await readText(path.join(run, 'tokenizer.json')) };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, 'read', file);
  }
}
