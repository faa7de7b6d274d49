import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunFolder } from '../../engine/run/folder';
import type { RunRecord } from '../../protocol/run';

function guide({ name, id, config, dataset, metrics }: RunRecord, files: readonly string[]): string {
  const figures = Object.entries(metrics ?? {})
    .filter(([key]) => key !== 'split')
    .map(([key, value]) => `- ${key}: ${Number(value).toPrecision(4)}`);
  const scored = figures.length === 0 ? [] : [`Scores on ${metrics?.split}:`, '', ...figures, ''];
  return [
    `# ${name}`,
    '',
    `An embedding model for ${dataset.kind} items with ${config.dimensions} dimensions, trained by InfoNCE Lab (run ${id}).`,
    '',
    ...scored,
    '| file | what it is |',
    '| --- | --- |',
    '| `model.safetensors` | the weights, float32, in the safetensors format |',
    '| `model.json` | kind and shape of the encoder, and how its input is prepared |',
    ...(files.includes('tokenizer.json')
      ? ['| `tokenizer.json` | the tokenizer, as the Hugging Face tokenizers library reads it |']
      : []),
    '',
    'The weights can be read with the safetensors package of Python:',
    '',
    '```python',
    'from safetensors.numpy import load_file',
    'weights = load_file("model.safetensors")',
    ...(files.includes('tokenizer.json')
      ? ['from tokenizers import Tokenizer', 'tokenizer = Tokenizer.from_file("tokenizer.json")']
      : []),
    '```',
    '',
    'Embeddings are compared by the cosine: divide them by their length.',
    '',
  ].join('\n');
}

/**
 * Copies the trained model of a run, with a page on how to load it.
 * @returns the names written
 * @throws UserError where the run has none, or it is damaged
 */
export async function exportModel(folder: string, target: string): Promise<string[]> {
  const run = await RunFolder.open(folder);
  // Checked before it is copied: a model that cannot be read is of no use elsewhere.
  const { tokenizer } = await run.readModel();
  const names = ['model.safetensors', 'model.json', ...(tokenizer === undefined ? [] : ['tokenizer.json'])];
  for (const name of names) await copyFile(path.join(folder, name), path.join(target, name));
  await writeFile(path.join(target, 'README.md'), guide(run.record, names));
  return [...names, 'README.md'];
}
