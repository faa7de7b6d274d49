import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../protocol/errors';
import type { RunConfig } from '../../protocol/run';
import type { Items } from '../data/dataset';
import { ImageError, ImageFile } from '../data/image-decode';

/** Items that belong to no dataset, such as a text just typed. */
function loose(kind: Items['kind'], content: readonly string[], line: Int32Array): Items {
  const count = content.length;
  return { kind, count, content, label: new Int32Array(count).fill(-1), file: new Int32Array(count), line };
}

/** Texts as items; `lines` are their lines where they come from a file. */
export function textItems(
  content: readonly string[],
  lines: Int32Array = new Int32Array(content.length),
): Items {
  return loose('text', content, lines);
}

/** Pictures in the form that a run's model takes. @throws UserError naming the first that cannot be read. */
export async function imageItems(
  files: readonly string[],
  { size, channels }: Pick<RunConfig['image'], 'size' | 'channels'>,
): Promise<Items> {
  const each = size * size * channels;
  const data = new Uint8Array(files.length * each);
  for (const [i, file] of files.entries()) data.set(await decode(file, size, channels), i * each);
  return { ...loose('image', files, new Int32Array(files.length)), pixels: { data, size, channels } };
}

async function decode(file: string, size: number, channels: 1 | 3): Promise<Uint8Array> {
  try {
    const info = await stat(file);
    if (!info.isFile()) throw new ImageError('it is no regular file');
    return await (await ImageFile.read(path.resolve(file), info.size)).decode({ size, channels });
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new UserError(
      'unreadable-image',
      `${file} cannot be used: ${error.message}; give a PNG, JPEG or WebP file`,
      { file },
      { cause: error },
    );
  }
}
