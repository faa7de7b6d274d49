#!/usr/bin/env node
/**
 * Trains every sample set with the defaults and prints the table of docs/results.md:
 * `node bench/results.mjs <folder of the sets> [--seeds 3] [--only name,name]`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const program = join(dirname(fileURLToPath(import.meta.url)), '../dist/cli.js');

/** Sets and the test metrics that count for them. */
const sets = new Map([
  ['pairs_gsm8k', ['recall@1', 'recall@10', 'mrr@10']],
  ['triplets_wordnet_adj', ['triplet_accuracy', 'recall@10']],
  ['labels_banking77', ['knn_accuracy']],
  ['sts_ko_korsts', ['spearman']],
  ['images_mnist', ['knn_accuracy']],
  ['images_fashion', ['knn_accuracy']],
  ['vectors_digits', ['knn_accuracy']],
]);

/**
 * @typedef {{ metrics: Record<string, number>, seconds: number, pairsPerSecond: number,
 *   baselines: { untrained: Record<string, number>, model_free: Record<string, number> } }} Completed
 */

/**
 * @param {string} folder
 * @param {number} seed
 * @param {string} runs
 * @returns {Promise<Completed>}
 */
async function train(folder, seed, runs) {
  const args = [program, 'train', folder, '--seed', `${seed}`, '--runs', runs, '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  /** @type {Completed | undefined} */
  let completed;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.event === 'completed') completed = event;
  }
  if (completed === undefined) throw new Error(`${folder} did not complete`);
  return completed;
}

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** @param {number | undefined} value */
const digits = (value) => (value === undefined ? '-' : value.toFixed(3));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '3' }, only: { type: 'string' } },
});
const [data] = positionals;
if (data === undefined) throw new Error('give the folder that holds the sets');
const chosen = values.only?.split(',') ?? [...sets.keys()];
const runs = mkdtempSync(join(tmpdir(), 'infonce-results-'));
try {
  console.log('| set | metric | each seed | mean (max - min) | untrained | model-free | seconds | pairs/s |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const name of chosen) {
    const results = [];
    for (let seed = 0; seed < Number(values.seeds); seed++) {
      results.push(await train(join(data, name), seed, runs));
    }
    for (const metric of sets.get(name) ?? []) {
      const figures = results.map((result) => result.metrics[metric] ?? Number.NaN);
      const spread = Math.max(...figures) - Math.min(...figures);
      const [first] = results;
      console.log(
        `| ${name} | ${metric} | ${figures.map(digits).join(' ')} | ${digits(mean(figures))} (${digits(spread)}) | ` +
          `${digits(first?.baselines.untrained[metric])} | ${digits(first?.baselines.model_free[metric])} | ` +
          `${mean(results.map((result) => result.seconds)).toFixed(0)} | ` +
          `${mean(results.map((result) => result.pairsPerSecond)).toFixed(0)} |`,
      );
    }
  }
} finally {
  rmSync(runs, { recursive: true, force: true });
}
