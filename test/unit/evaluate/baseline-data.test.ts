import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { tfidfSimilarity } from '../../../src/engine/evaluate/baseline/tfidf-similarity';
import { knnAccuracy, knnNeighbours } from '../../../src/engine/evaluate/metrics/knn';
import { RetrievalAccumulator, retrievalDepth } from '../../../src/engine/evaluate/metrics/retrieval';
import { Slices } from '../../../src/engine/slices';

const data = join(import.meta.dirname, '../../../../shared/data');

function range(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) => from + i);
}

function readPairs(split: string): { anchor: string; positive: string }[] {
  const lines = readFileSync(join(data, 'pairs_gsm8k', `${split}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as { anchor: string; positive: string });
}

function readLabelled(split: string): { text: string; category: string }[] {
  return parse(readFileSync(join(data, 'labels_banking77', `${split}.csv`)), { columns: true });
}

/** Figures of the same baselines by scikit-learn, on the same files. */
describe.skipIf(!existsSync(data))('TF-IDF on real data', () => {
  test('pairs_gsm8k: recall@1 0.958', async () => {
    const trainTexts = readPairs('train').flatMap(({ anchor, positive }) => [anchor, positive]);
    const rows = readPairs('test');
    const texts = [...trainTexts, ...rows.map((row) => row.anchor), ...rows.map((row) => row.positive)];
    const first = trainTexts.length;
    const middle = first + rows.length;
    const similarity = await tfidfSimilarity(texts, range(0, first), new Slices());
    const queries = range(first, middle);
    const documents = range(middle, texts.length);
    const { index, k } = await similarity.topK(queries, documents, retrievalDepth, new Slices());
    const accumulator = new RetrievalAccumulator();
    for (const q of rows.keys()) accumulator.add(index.subarray(q * k, (q + 1) * k), new Set([q]));
    expect(accumulator.result()?.['recall@1']).toBeCloseTo(0.958, 2);
  });

  test('labels_banking77: kNN accuracy 0.829', async () => {
    const [train, queries] = [readLabelled('train'), readLabelled('test')];
    const all = [...train, ...queries];
    const names = [...new Set(all.map((row) => row.category))];
    const labels = Int32Array.from(all, (row) => names.indexOf(row.category));
    const similarity = await tfidfSimilarity(
      all.map((row) => row.text),
      range(0, train.length),
      new Slices(),
    );
    const neighbours = await similarity.topK(
      range(train.length, all.length),
      range(0, train.length),
      knnNeighbours,
      new Slices(),
    );
    const accuracy = knnAccuracy(neighbours, labels.subarray(0, train.length), labels.subarray(train.length));
    expect(accuracy).toBeCloseTo(0.829, 2);
  });
});
