import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../../engine/data/walk';
import type { ChangeItem } from './fit';
import { fileInside } from './places';

/** A file outside the dataset goes to the page in the message itself, if it is small. */
const inlineBytes = 128 * 1024;

const types: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
};

/** Extensions of the images that a model can be asked about, without the dot. */
export const imageExtensions = Object.keys(types).map((extension) => extension.slice(1));

/** Gives items that are images an address that the page may load. Only files inside the dataset have one. */
export class Images {
  /**
   * @param root undefined where no file may be shown
   * @param addressOf of a file below `root`, as the page's webview has it
   */
  constructor(
    private readonly root: string | undefined,
    private readonly addressOf: (file: string) => string,
  ) {}

  readonly show: ChangeItem = (item) => {
    const image = item.path === undefined ? undefined : this.#inside(item.path);
    return image === undefined ? item : { ...item, image };
  };

  /** Of any file that the user chose; undefined where it cannot be shown. @param file absolute */
  async chosen(file: string): Promise<string | undefined> {
    if (this.root !== undefined && isInside(this.root, file)) return this.addressOf(file);
    const type = types[path.extname(file).toLowerCase()];
    try {
      if (type === undefined || (await stat(file)).size > inlineBytes) return undefined;
      return `data:${type};base64,${(await readFile(file)).toString('base64')}`;
    } catch {
      // Whether it can be read is told by the look-up itself.
      return undefined;
    }
  }

  #inside(name: string): string | undefined {
    if (this.root === undefined) return undefined;
    try {
      return this.addressOf(fileInside(this.root, name));
    } catch {
      return undefined;
    }
  }
}
