import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { formatOf, isBeside, isBesideFolder } from '../../engine/data/formats';
import { splitOf } from '../../engine/data/split-names';

const deepest = 3;

/** What lies directly in a folder. */
interface Contents {
  readonly tables: boolean;
  readonly images: boolean;
  readonly folders: readonly string[];
}

async function look(folder: string): Promise<Contents> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const formats = entries.flatMap((entry) =>
    entry.isFile() && !isBeside(entry.name) ? [formatOf(entry.name)?.format] : [],
  );
  return {
    // Projects are full of settings in JSON: a file of that kind alone does not make a dataset.
    tables: formats.some((format) => format !== undefined && format !== 'image' && format !== 'json'),
    images: formats.includes('image'),
    folders: entries
      .filter((entry) => entry.isDirectory() && !isBesideFolder(entry.name))
      .map(({ name }) => path.join(folder, name)),
  };
}

/** What is found below a folder: datasets of their own, or (`part`) what makes the folder above one. */
type Found = { readonly part: boolean; readonly datasets: readonly string[] };

async function search(folder: string, depth: number): Promise<Found> {
  const { tables, images, folders } = await look(folder);
  const isSplit = splitOf(path.basename(folder)) !== undefined;
  if (tables) return isSplit ? { part: true, datasets: [] } : { part: false, datasets: [folder] };
  if (images) return { part: true, datasets: [] };
  if (depth === 0) return { part: false, datasets: [] };
  const below = await Promise.all(folders.map(async (child) => await search(child, depth - 1)));
  const datasets = below.flatMap((found) => found.datasets);
  if (!below.some(({ part }) => part)) return { part: false, datasets };
  return isSplit ? { part: true, datasets } : { part: false, datasets: [folder, ...datasets] };
}

/** Folders of the workspace that look like a dataset, by names alone. */
export async function findDatasets(root: string): Promise<readonly string[]> {
  const { part, datasets } = await search(root, deepest);
  return part ? [root, ...datasets] : datasets;
}
