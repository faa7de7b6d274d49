import path from 'node:path';
import { commitFile } from '../../src/engine/run/files';
import { RunFolder } from '../../src/engine/run/folder';
import { record } from '../unit/run/support';

/** Texts of every tenth item tell what an export must not let through. */
const hostile = '=HYPERLINK("http://example.org")\twith a tab\r\nand a second\u2028line';

function* itemLines(rows: number): Generator<Uint8Array> {
  for (let start = 0; start < rows; start += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - start) }, (_, i) => {
      const row = start + i;
      const content = row % 10 === 0 ? hostile : `the cup number ${row} was made by a potter from the north`;
      return JSON.stringify({ id: `item-${row}`, content, label: String((row % 2) * 2 - 1), split: 'train' });
    });
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
}

/**
 * A run with embeddings [rows, columns] that were never trained: the value of column c in row r is `(r + c / columns) / rows`.
 * @returns its folder
 */
export async function makeRun(runs: string, rows: number, columns: number, items = rows): Promise<string> {
  const run = await RunFolder.create(runs, 'large');
  try {
    await run.begin(record);
    const data = Float32Array.from({ length: rows * columns }, (_, i) => i / columns / rows);
    await run.writeEmbeddings([{ name: 'embeddings', shape: [rows, columns], data }]);
    await commitFile(path.join(run.path, 'items.jsonl'), itemLines(items));
  } finally {
    await run.release();
  }
  return run.path;
}
