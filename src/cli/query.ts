import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Items } from '../engine/data/dataset';
import { decodeImage, ImageError } from '../engine/data/image-decode';
import type { RunFolder } from '../engine/run/folder';
import { UserError } from '../protocol/errors';

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

/** One picture in the form that the run's model takes. @throws UserError when it cannot be read. */
export async function imageItem(run: RunFolder, file: string): Promise<Items> {
  const { size, channels } = run.record.config.image;
  try {
    const info = await stat(file);
    if (!info.isFile()) throw new ImageError('it is no regular file');
    const pixels = await decodeImage(path.resolve(file), info.size, size, channels);
    return {
      ...loose('image', [file], new Int32Array(1)),
      pixels: { data: new Uint8Array(pixels), size, channels },
    };
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
