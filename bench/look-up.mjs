#!/usr/bin/env node
/**
 * Times look-ups over the real explorer process: `node bench/look-up.mjs [--items 100000] [--dimensions 256]`.
 * The run is made here, of random embeddings; times are from the question to the answer, in milliseconds.
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import rpc from 'vscode-jsonrpc/node';
import { median } from './lib/numbers.mjs';
import { writeRandomRun } from './lib/random-run.mjs';

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

const folder = await mkdtemp(join(tmpdir(), 'infonce-look-up-'));
try {
  await writeRandomRun(folder, items, dimensions);
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
