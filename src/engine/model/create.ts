import type { RunConfig } from '../../protocol/run';
import type { Dataset, Split } from '../data/dataset';
import type { NamedTensor } from '../run/tensors';
import { IdEncoder, TextEncoder } from './bag-encoder';
import type { Encoder, EncoderInputs, PrepareProgress } from './encoder';
import { ImageEncoder } from './image-encoder';
import { initialWeights } from './initial';
import { inverseDocumentFrequency, tokenBags } from './text/bags';
import { trainBpe } from './text/train-bpe';
import { columnScaling, VectorEncoder } from './vector-encoder';

/** A new encoder for a dataset, its random start, and the dataset's items in the form it eats. */
export interface NewEncoder {
  readonly encoder: Encoder;
  readonly weights: readonly NamedTensor[];
  readonly inputs: EncoderInputs;
}

/** Everything that is learnt from data before step 1 (vocabulary, idf, scales) is learnt from the training split. */
export async function createEncoder(
  dataset: Dataset,
  config: RunConfig,
  progress: PrepareProgress = {},
): Promise<NewEncoder> {
  const train = dataset.splits.get('train') as Split;
  const { dimensions, seed } = config;
  switch (dataset.items.kind) {
    case 'text':
      return await createTextEncoder(dataset, train, config, progress);
    case 'id': {
      const { content, side } = dataset.items;
      const ids = (wanted: number): string[] =>
        [...train.items].filter((i) => (side?.[i] ?? 1) === wanted).map((i) => content[i] as string);
      const encoder = new IdEncoder({ kind: 'id', dimensions, users: ids(0), items: ids(1) });
      return finish(encoder, seed, dataset);
    }
    case 'image': {
      const { size, channels, blocks, augment } = config.image;
      const encoder = new ImageEncoder({ kind: 'image', dimensions, size, channels, blocks }, augment);
      return finish(encoder, seed, dataset);
    }
    case 'vector': {
      const { data, width } = dataset.items.vectors as { data: Float32Array; width: number };
      const encoder = new VectorEncoder(
        { kind: 'vector', dimensions, width, hidden: config.vector.hidden },
        columnScaling(data, width, train.items),
        config.vector.noise,
      );
      return finish(encoder, seed, dataset);
    }
  }
}

async function finish(encoder: Encoder, seed: number, dataset: Dataset): Promise<NewEncoder> {
  const weights = initialWeights(encoder.weights, seed);
  return { encoder, weights, inputs: await encoder.prepare(dataset.items) };
}

async function createTextEncoder(
  dataset: Dataset,
  train: Split,
  config: RunConfig,
  progress: PrepareProgress,
): Promise<NewEncoder> {
  const { content } = dataset.items;
  const texts = Array.from(train.items, (i) => content[i] as string);
  const tokenizer = await trainBpe(texts, config.text.vocabularySize, progress.signal);
  const vocabulary = (JSON.parse(tokenizer) as { model: { vocab: object } }).model.vocab;
  const vocabularySize = Object.keys(vocabulary).length;
  const bags = await tokenBags(content, tokenizer, vocabularySize, progress);
  const { idf, dense } = config.text;
  const encoder = new TextEncoder(
    { kind: 'text', dimensions: config.dimensions, vocabularySize, idf, dense },
    tokenizer,
    inverseDocumentFrequency(bags, train.items),
  );
  const weights = initialWeights(encoder.weights, config.seed);
  return { encoder, weights, inputs: encoder.inputs(bags) };
}
