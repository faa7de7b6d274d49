import path from 'node:path';
import { RunFolder } from '../../engine/run/folder';
import type { CheckedFile } from '../../engine/run/safetensors-pieces';
import type { RunRecord } from '../../protocol/run';
import { copyPieces, type Piece, type Target, textPiece, type Watch, writeFolder } from './write-folder';

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

async function* weightPieces({ bytes: total, pieces }: CheckedFile): AsyncGenerator<Piece> {
  let done = 0;
  for await (const bytes of pieces()) {
    done += bytes.length;
    yield { bytes, share: done / total };
  }
}

/**
 * Copies the trained model of a run, with a page on how to load it. A model that is damaged is of no use elsewhere: it
 * is checked on the way. The memory does not grow with the model.
 * @returns the names written
 * @throws UserError where the run has none, it is damaged, or nothing can be written, and the reason of the signal
 */
export async function exportModel(folder: string, target: Target, watch: Watch = {}): Promise<string[]> {
  const run = await RunFolder.open(folder);
  const model = await run.findModel();
  const { tokenizer } = await run.readDescription();
  const described = ['model.json', ...(tokenizer === undefined ? [] : ['tokenizer.json'])];
  const names = ['model.safetensors', ...described];
  await writeFolder(target, watch, async (write) => {
    await write('model.safetensors', weightPieces(model));
    for (const name of described) await write(name, copyPieces(path.join(run.path, name)));
    await write('README.md', textPiece(guide(run.record, names)));
  });
  return [...names, 'README.md'];
}
