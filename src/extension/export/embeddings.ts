import { createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RunFolder } from '../../engine/run/folder';
import type { ItemRow } from '../../engine/run/items-file';
import { writeMatrix } from '../../engine/run/npy';
import { UserError } from '../../protocol/errors';

export const embeddingFormats = ['numpy', 'projector'] as const;
export type EmbeddingFormat = (typeof embeddingFormats)[number];

interface Matrix {
  readonly data: Float32Array;
  readonly columns: number;
}

/** A cell of tab-separated values has no way to hold tabs and line breaks. */
function cell(text: string | undefined): string {
  return (text ?? '').replaceAll(/[\t\r\n\u2028\u2029]+/g, ' ');
}

function* vectorLines({ data, columns }: Matrix): Generator<string> {
  for (let start = 0; start < data.length; start += columns) {
    yield `${data.subarray(start, start + columns).join('\t')}\n`;
  }
}

function* metadataLines(items: readonly ItemRow[]): Generator<string> {
  yield 'content\tlabel\tsplit\tid\n';
  for (const { content, path, label, split, id } of items) {
    yield `${[content ?? path, label, split, id].map(cell).join('\t')}\n`;
  }
}

async function write(file: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(lines), createWriteStream(file));
}

/**
 * Writes the embeddings of all items of a run: `embeddings.npy` [items, dimensions] with `items.jsonl` (line i is row i),
 * or `vectors.tsv` and `metadata.tsv` for TensorBoard's projector.
 * @throws UserError where the run has none
 */
export async function exportEmbeddings(
  folder: string,
  target: string,
  formats: readonly EmbeddingFormat[],
): Promise<void> {
  const run = await RunFolder.open(folder);
  const { tensors } = await run.readEmbeddings();
  const found = tensors.find(({ name }) => name === 'embeddings');
  const columns = found?.shape[1];
  if (columns === undefined || !(found?.data instanceof Float32Array)) {
    throw new UserError('damaged-run', `the embeddings of run ${run.id} are damaged: train again`, {
      file: folder,
    });
  }
  const matrix: Matrix = { data: found.data, columns };
  if (formats.includes('numpy')) {
    await writeMatrix(path.join(target, 'embeddings.npy'), matrix.data, columns);
    await copyFile(path.join(folder, 'items.jsonl'), path.join(target, 'items.jsonl'));
  }
  if (formats.includes('projector')) {
    await write(path.join(target, 'vectors.tsv'), vectorLines(matrix));
    await write(path.join(target, 'metadata.tsv'), metadataLines(await run.readItems()));
  }
}
