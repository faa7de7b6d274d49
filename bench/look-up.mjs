#!/usr/bin/env node
/**
 * Times look-ups over the real explorer process: `node bench/look-up.mjs [--items 100000] [--dimensions 256]`.
 * The run is made here, of random embeddings; times are from the question to the answer, in milliseconds.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import rpc from 'vscode-jsonrpc/node';

const trainer = join(dirname(fileURLToPath(import.meta.url)), '../dist/trainer.js');
const repetitions = 20;

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '100000' },
    dimensions: { type: 'string', default: '256' },
  },
});
const items = Number(values.items);
const dimensions = Number(values.dimensions);

/**
 * A completed run of labelled texts.
 * @param {string} folder
 */
async function writeRun(folder) {
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

/** @param {number[]} times */
const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

const folder = await mkdtemp(join(tmpdir(), 'infonce-look-up-'));
try {
  await writeRun(folder);
  const child = fork(trainer, ['explore'], { serialization: 'advanced' });
  const connection = rpc.createMessageConnection(
    new rpc.IPCMessageReader(child),
    new rpc.IPCMessageWriter(child),
  );
  connection.listen();
  /**
   * @param {string} name
   * @param {object} params
   */
  const timed = async (name, params) => {
    const from = performance.now();
    const result = await connection.sendRequest(name, params);
    return { result, milliseconds: performance.now() - from };
  };
  const open = await timed('open', { protocol: 1, run: folder });
  const first = await timed('neighbours', { query: { row: 0 }, k: 10, at: 'final' });
  const looks = [];
  const filtered = [];
  for (let i = 1; i <= repetitions; i++) {
    const query = { query: { row: (i * 7919) % items }, k: 10, at: 'final' };
    looks.push((await timed('neighbours', query)).milliseconds);
    filtered.push((await timed('neighbours', { ...query, label: 'label 5' })).milliseconds);
  }
  const find = await timed('find', { text: `number ${items - 1}`, limit: 20 });
  const map = await timed('map', { at: 'final', method: 'pca' });
  const pairs = await timed('pairs', { kind: 'hardest-negatives', at: 'final', limit: 50 });
  console.log(`${items} x ${dimensions}, milliseconds`);
  console.table({
    'open the run': Math.round(open.milliseconds),
    'first look-up, which reads the embeddings': Math.round(first.milliseconds),
    [`look-up, median of ${repetitions}`]: Number(median(looks).toFixed(1)),
    'look-up, slowest': Number(Math.max(...looks).toFixed(1)),
    'look-up within a label, median': Number(median(filtered).toFixed(1)),
    'find by words': Math.round(find.milliseconds),
    'map of all points': Math.round(map.milliseconds),
    'hardest negatives': Math.round(pairs.milliseconds),
  });
  child.disconnect();
} finally {
  await rm(folder, { recursive: true, force: true });
}
