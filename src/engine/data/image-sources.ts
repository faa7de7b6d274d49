import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ColumnMapping } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { ImageRow } from './build-images';
import type { Origin } from './raw';
import { imageFolders, splitCodes, undecided } from './split-names';
import { type Cell, cellText, type ReadContext } from './table';
import { type DataFile, isInside } from './walk';

/** Images of class folders: the folders say split and class. Every image is a file of the data set. */
export function folderImages(files: readonly DataFile[], context: ReadContext): ImageRow[] {
  const folders = imageFolders(files.map((file) => file.name));
  const classes = new Set(folders.map((folder) => folder.label));
  if (classes.size === 1) {
    const message = `all images are in one folder, so there are no classes: an image's positives are altered views of itself`;
    context.log.add('info', 'self-views', message);
  }
  return files.map((file, i) => {
    const { split, label } = folders[i] ?? { split: undefined, label: '' };
    return {
      path: file.path,
      name: file.name,
      bytes: file.bytes,
      // Pictures beside class folders are a class of their own.
      label: classes.size === 1 ? '' : label || '.',
      origin: { file: i, name: file.name, split: split === undefined ? undecided : splitCodes[split] },
      line: 0,
    };
  });
}

/** Collects the rows of a table of image paths; the paths are looked up afterwards, none may leave the folder. */
export class ManifestBuilder {
  private readonly lost = { outside: 0, missing: 0 };
  private readonly listed: { name: string; label: string; origin: Origin; line: number }[] = [];

  constructor(
    private readonly root: string,
    private readonly columns: ColumnMapping,
    private readonly context: ReadContext,
  ) {}

  add(cell: (name: string | undefined) => Cell, origin: Origin, line: number): void {
    const name = cellText(cell(this.columns.image)).trim();
    const label = cellText(cell(this.columns.label)).trim();
    if (name === '' || (label === '' && this.columns.label !== undefined)) {
      const message = `rows with an empty cell are left out: ${origin.name}, line ${line}`;
      this.context.log.add('warning', 'empty-cells', message, { file: origin.name, line });
      return;
    }
    this.listed.push({ name, label, origin, line });
  }

  /** Paths are relative to the folder of the table, or else to the root. */
  async images(): Promise<ImageRow[]> {
    const rows: ImageRow[] = [];
    const seen = new Set<string>();
    for (const { name, label, origin, line } of this.listed) {
      this.context.signal?.throwIfAborted();
      const found = await this.find(name, origin, line);
      if (found === undefined) continue;
      const relative = path.relative(this.root, found.real).split(path.sep).join('/');
      if (seen.has(relative)) {
        const message = `images that are listed again are counted once: ${origin.name}, line ${line}, ${relative}`;
        this.context.log.add('warning', 'duplicates', message, { file: origin.name, line });
        continue;
      }
      seen.add(relative);
      rows.push({ path: found.real, name: relative, bytes: found.bytes, label, origin, line });
    }
    if (rows.length === 0) this.refuse();
    return rows;
  }

  /** @throws UserError where images were listed and none is left, with the first */
  private refuse(): void {
    const [first] = this.listed;
    if (first === undefined) return;
    const { name, origin, line } = first;
    const { outside, missing } = this.lost;
    const parts = [
      outside === 0 ? '' : `${outside} lead out of the folder`,
      missing === 0
        ? ''
        : `${missing} are not there (they are looked for beside the table, then in the folder)`,
    ].filter((part) => part !== '');
    const message = `none of the ${this.listed.length} images listed in ${origin.name} can be used: ${parts.join(', ')}; the first is line ${line}, "${name}"`;
    throw new UserError('unreadable-images', message, { file: origin.name, line });
  }

  private async find(
    name: string,
    origin: Origin,
    line: number,
  ): Promise<{ real: string; bytes: number } | undefined> {
    const { log } = this.context;
    const place = { file: origin.name, line };
    const tableFolder = path.dirname(path.join(this.root, origin.name));
    for (const base of new Set([tableFolder, this.root])) {
      const target = path.resolve(base, name);
      const real = isInside(this.root, target) ? await realpath(target).catch(() => undefined) : undefined;
      if (real === undefined) continue;
      if (!isInside(this.root, real)) break;
      const info = await lstat(real);
      if (info.isFile()) return { real, bytes: info.size };
    }
    const resolved = path.resolve(tableFolder, name);
    const real = await realpath(resolved).catch(() => resolved);
    if (!isInside(this.root, resolved) || !isInside(this.root, real)) {
      const message = `image paths that lead out of the folder are skipped: ${origin.name}, line ${line}, "${name}"`;
      log.add('warning', 'path-outside', message, place);
      this.lost.outside++;
    } else {
      const message = `images that are listed but not there are skipped: ${origin.name}, line ${line}, "${name}"`;
      log.add('warning', 'missing-image', message, place);
      this.lost.missing++;
    }
    return undefined;
  }
}
