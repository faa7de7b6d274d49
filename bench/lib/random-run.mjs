import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

/**
 * Writes a completed run of labelled texts, with random embeddings of length 1.
 * @param {string} folder an empty one
 * @param {number} items
 * @param {number} dimensions
 */
export async function writeRandomRun(folder, items, dimensions) {
  const config = {
    objective: 'infonce',
    seed: 1,
    epochs: 1,
    batchSize: 128,
    learningRate: 0.01,
    weightDecay: 0,
    warmup: 0.1,
    finalLearningRate: 0.1,
    temperature: 0.05,
    symmetric: true,
    negatives: 'in-batch',
    dimensions,
    patience: 0,
    evaluationsPerEpoch: 1,
    text: { vocabularySize: 8000, idf: 'rows', dense: 0 },
    image: {
      size: 32,
      channels: 1,
      blocks: [32],
      augment: { rotate: 0, shift: 0, scale: 0, mirror: false, noise: 0 },
    },
    vector: { hidden: [], noise: 0 },
  };
  await writeFile(
    join(folder, 'run.json'),
    JSON.stringify({
      formatVersion: 1,
      id: 'bench',
      name: 'bench',
      state: 'completed',
      createdAt: new Date().toISOString(),
      dataset: {
        path: '../data',
        layout: 'labelled-texts',
        kind: 'text',
        fingerprint: '',
        splits: { train: { items, relations: items } },
      },
      config,
      choices: [],
      environment: { version: '', backend: '', tensorflow: '', node: '', platform: '', threads: 1 },
      steps: 1,
      parameters: 1,
    }),
  );
  const lines = createWriteStream(join(folder, 'items.jsonl'));
  for (let i = 0; i < items; i++) {
    const row = {
      id: `t${i}`,
      content: `text number ${i}, about as long as a question is`,
      label: `label ${i % 77}`,
      split: 'train',
      file: 'data.csv',
      line: i + 2,
    };
    if (!lines.write(`${JSON.stringify(row)}\n`)) await once(lines, 'drain');
  }
  lines.end();
  await finished(lines);

  const data = new Float32Array(items * dimensions);
  // A linear congruence is random enough for timing, and fast.
  let state = 1;
  for (let row = 0; row < items; row++) {
    let squares = 0;
    for (let i = row * dimensions; i < (row + 1) * dimensions; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const value = state / 2 ** 32 - 0.5;
      data[i] = value;
      squares += value * value;
    }
    const length = Math.sqrt(squares);
    for (let i = row * dimensions; i < (row + 1) * dimensions; i++) data[i] = (data[i] ?? 0) / length;
  }
  const header = JSON.stringify({
    embeddings: { dtype: 'F32', shape: [items, dimensions], data_offsets: [0, data.byteLength] },
  });
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const file = createWriteStream(join(folder, 'embeddings.safetensors'));
  file.write(length);
  file.write(padded);
  const bytes = new Uint8Array(data.buffer);
  for (let start = 0; start < bytes.length; start += 1 << 26)
    file.write(bytes.subarray(start, start + (1 << 26)));
  file.end();
  await finished(file);
}
