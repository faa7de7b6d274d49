import path from 'node:path';
import { RunFolder } from '../../engine/run/folder';
import { parseItem } from '../../engine/run/items-file';
import { readLines } from '../../engine/run/json';
import { matrixHeader } from '../../engine/run/npy';
import type { StoredMatrix } from '../../engine/run/safetensors-pieces';
import { UserError } from '../../protocol/errors';
import { tsvCell } from './cells';
import { copyPieces, type Piece, type Target, type Watch, writeFolder } from './write-folder';

export type EmbeddingFormat = 'numpy' | 'projector';

/** Digits that tell any two float32 apart. */
const digits = 9;

/** So many characters of metadata are made before others have their turn: about a millisecond. */
const batchLength = 16 * 1024;

async function* npyPieces(matrix: StoredMatrix): AsyncGenerator<Piece> {
  yield { bytes: matrixHeader(matrix.rows, matrix.columns), share: 0 };
  let done = 0;
  for await (const { buffer, length } of matrix.pieces()) {
    done += length;
    yield { bytes: new Uint8Array(buffer), share: done / (matrix.rows * matrix.columns) };
  }
}

async function* vectorPieces({ rows, columns, pieces }: StoredMatrix): AsyncGenerator<Piece> {
  let done = 0;
  for await (const values of pieces()) {
    let text = '';
    for (const value of values) {
      done++;
      text += value.toPrecision(digits) + (done % columns === 0 ? '\n' : '\t');
    }
    yield { bytes: Buffer.from(text), share: done / (rows * columns) };
  }
}

/** @param rows of the matrix that these are the items of */
async function* metadataPieces(file: string, rows: number): AsyncGenerator<Piece> {
  let text = 'content\tlabel\tsplit\tid\n';
  let count = 0;
  for await (const line of readLines(file)) {
    count++;
    const { content, path: image, label, split, id } = parseItem(line.text, file, count);
    text += `${[content ?? image, label, split, id].map(tsvCell).join('\t')}\n`;
    if (text.length < batchLength) continue;
    yield { bytes: Buffer.from(text), share: count / rows };
    text = '';
  }
  if (count !== rows) {
    throw new UserError(
      'damaged-run',
      `${file} has ${count} items where the run has ${rows} embeddings: restore it, or train again`,
      { file },
    );
  }
  yield { bytes: Buffer.from(text), share: 1 };
}

/**
 * Writes the embeddings of all items of a run: `embeddings.npy` [items, dimensions] with `items.jsonl` (line i is row i),
 * or `vectors.tsv` and `metadata.tsv` for TensorBoard's projector. The memory does not grow with the run.
 * @throws UserError where the run has none, or nothing can be written, and the reason of the signal
 */
export async function exportEmbeddings(
  folder: string,
  target: Target,
  formats: readonly EmbeddingFormat[],
  watch: Watch = {},
): Promise<void> {
  const run = await RunFolder.open(folder);
  const matrix = await run.findEmbeddings();
  const items = path.join(run.path, 'items.jsonl');
  await writeFolder(target, watch, async (write) => {
    if (formats.includes('numpy')) {
      await write('embeddings.npy', npyPieces(matrix));
      await write('items.jsonl', copyPieces(items));
    }
    if (formats.includes('projector')) {
      await write('vectors.tsv', vectorPieces(matrix));
      await write('metadata.tsv', metadataPieces(items, matrix.rows));
    }
  });
}
