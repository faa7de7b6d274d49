import type { Choice, RunConfig } from '../../protocol/run';
import { batchCount } from '../batch/plan';
import { epochRows } from '../batch/rows';
import type { Dataset, Split } from '../data/dataset';
import { textsOf } from '../evaluate/baseline/texts';
import { tfidfSimilarity } from '../evaluate/baseline/tfidf-similarity';
import { scoreSplit } from '../evaluate/score';
import { Slices } from '../slices';
import { type MirrorTest, mirrorTest } from './mirror';
import type { ConfigOverrides } from './overrides';

/** What holds for every kind of data unless the kind says otherwise. */
const common: RunConfig = {
  objective: 'infonce',
  seed: 0,
  epochs: 10,
  batchSize: 256,
  learningRate: 2e-2,
  weightDecay: 0,
  warmup: 0.05,
  finalLearningRate: 0.01,
  temperature: 0.1,
  symmetric: true,
  negatives: 'in-batch',
  dimensions: 512,
  patience: 8,
  evaluationsPerEpoch: 1,
  text: { vocabularySize: 16_384, idf: 'rows', dense: 0 },
  image: {
    size: 28,
    channels: 1,
    blocks: [16, 32, 64],
    augment: { rotate: 0.2, shift: 0.07, scale: 0.1, mirror: false, noise: 0 },
  },
  vector: { hidden: [512], noise: 0.4 },
};

/** An epoch count for small data: enough epochs to make about this many steps, within bounds. */
interface Budget {
  readonly steps: number;
  readonly fewest: number;
  readonly most: number;
}

interface Defaults {
  readonly config: ConfigOverrides;
  readonly budget: Budget;
  readonly choices: readonly Choice[];
}

/**
 * The configuration of a run: defaults of the kind of data, what a short look at train and dev decides (each recorded as
 * a choice), then what the user set. The figures behind the defaults: docs/decisions/0005.
 * @throws the signal's reason, once it is aborted.
 */
export async function chooseConfig(
  dataset: Dataset,
  overrides: ConfigOverrides = {},
  signal?: AbortSignal,
): Promise<{ config: RunConfig; choices: Choice[] }> {
  const { config: ofKind, budget, choices: looks } = await kindDefaults(dataset, overrides, signal);
  const choices = looks.filter(({ setting }) => !isSet(overrides, setting));
  const merged = merge(merge(common, ofKind), overrides);
  const explicit = dataset.layout === 'triplets' && overrides.negatives === undefined;
  const chosen = explicit ? merge(merged, { negatives: 'both' }) : merged;
  const config = { ...chosen, ...whatIsMeant(dataset, chosen) };
  if (overrides.epochs !== undefined) return { config, choices };
  const perEpoch = batchCount(epochRows(dataset, 'train', config.seed, 0), config.batchSize);
  const epochs = Math.min(budget.most, Math.max(budget.fewest, Math.round(budget.steps / perEpoch)));
  return {
    config: { ...config, epochs },
    choices: [
      ...choices,
      {
        setting: 'epochs',
        value: `${epochs}`,
        because: `an epoch has ${perEpoch} steps; about ${budget.steps} in all`,
      },
    ],
  };
}

/** What some settings come to on this data: the record says what is done, and the bounds of the loss follow from it. */
function whatIsMeant(
  dataset: Dataset,
  { negatives }: RunConfig,
): Partial<Pick<RunConfig, 'symmetric' | 'negatives'>> {
  // Without in-batch negatives there is no other direction.
  if (negatives.startsWith('explicit')) return { symmetric: false };
  const { relations } = dataset.splits.get('train') as Split;
  const given = relations.type === 'pairs' && relations.negativesPerRow > 0;
  return negatives === 'both' && !given ? { negatives: 'in-batch' } : {};
}

/** Whether the user set what a look at the data would choose, such as `text.idf`. */
function isSet(overrides: ConfigOverrides, setting: string): boolean {
  let value: unknown = overrides;
  for (const key of setting.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value !== undefined;
}

async function kindDefaults(
  dataset: Dataset,
  overrides: ConfigOverrides,
  signal: AbortSignal | undefined,
): Promise<Defaults> {
  switch (dataset.layout) {
    case 'pairs':
    case 'triplets':
      return await textPairs(dataset, signal);
    case 'labelled-texts':
      return smallTexts(dataset, { learningRate: 1e-2 }, { steps: 400, fewest: 4, most: 30 });
    case 'scored-pairs':
      return smallTexts(dataset, { learningRate: 1e-2, batchSize: 128 }, { steps: 220, fewest: 4, most: 20 });
    case 'labelled-images': {
      const found = images(dataset, { ...imageDefaults, batchSize: 64 });
      if (overrides.image?.augment?.mirror !== undefined) return found;
      return withMirror(found, await mirrorTest(dataset, overrides.seed ?? common.seed, signal));
    }
    case 'images': {
      const augment = { rotate: 0.35, shift: 0.1, scale: 0.2, noise: 0.1 };
      return images(dataset, { ...imageDefaults, temperature: 0.2, image: { augment } });
    }
    case 'labelled-vectors':
    case 'vectors':
      return {
        config: { learningRate: 2e-3, weightDecay: 1e-4, batchSize: 128, dimensions: 64 },
        budget: { steps: 400, fewest: 4, most: 60 },
        choices: [],
      };
    case 'interactions':
      return {
        config: { learningRate: 1e-2, dimensions: 64 },
        budget: { steps: 1500, fewest: 2, most: 30 },
        choices: [],
      };
  }
}

/** From this share of dev queries whose answer shares most words with them, texts count as overlapping. */
const overlapFrom = 0.5;

/**
 * Pairs whose words overlap are found by rare words already: a sharp temperature and idf in the rows polish that.
 * Where they do not, meaning has to be learnt: idf as a fixed pooling weight lets rare tokens move, a softer temperature
 * lets many candidates pull, and whole words need the larger vocabulary.
 */
async function textPairs(dataset: Dataset, signal: AbortSignal | undefined): Promise<Defaults> {
  const name = dataset.splits.has('dev') ? 'dev' : 'train';
  const dev = dataset.splits.get(name) as Split;
  const texts = textsOf(dataset.items, dev.items);
  const words = await tfidfSimilarity(texts, dev.items, new Slices(signal));
  const scores = await scoreSplit(words, dataset, name, signal);
  const found = scores['recall@10'] ?? 0;
  const overlapping = found >= overlapFrom;
  const because =
    `word overlap alone finds ${percent(found)} of the dev answers among the first ten ` +
    `(${overlapping ? 'at least' : 'below'} ${percent(overlapFrom)})`;
  return {
    config: overlapping
      ? { temperature: 0.05, text: { vocabularySize: 16_384, idf: 'rows' } }
      : { temperature: 0.1, text: { vocabularySize: 20_000, idf: 'pooling' } },
    budget: overlapping ? { steps: 120, fewest: 4, most: 20 } : { steps: 500, fewest: 5, most: 20 },
    choices: [
      { setting: 'temperature', value: overlapping ? '0.05' : '0.1', because },
      { setting: 'text.idf', value: overlapping ? 'rows' : 'pooling', because },
      { setting: 'text.vocabularySize', value: overlapping ? '16384' : '20000', because },
    ],
  };
}

/** Words of training text per token of the vocabulary: a token seen rarely learns little. */
const wordsPerToken = 50;

function trainingWords(dataset: Dataset): number {
  const train = dataset.splits.get('train') as Split;
  let words = 0;
  for (const item of train.items) words += (dataset.items.content[item] as string).split(/\s+/u).length;
  return words;
}

/** Small sets of sentences generalise better over few, short tokens: a power of two between 2,048 and 16,384. */
function smallTexts(dataset: Dataset, config: ConfigOverrides, budget: Budget): Defaults {
  const words = trainingWords(dataset);
  const wanted = Math.round(Math.log2(words / wordsPerToken));
  const vocabularySize = 2 ** Math.min(14, Math.max(11, wanted));
  return {
    config: { ...config, text: { vocabularySize, idf: 'rows' } },
    budget,
    choices: [
      {
        setting: 'text.vocabularySize',
        value: `${vocabularySize}`,
        because: `the training texts have ${words} words; about ${wordsPerToken} a token`,
      },
    ],
  };
}

const imageDefaults = { learningRate: 2e-3, weightDecay: 1e-4, dimensions: 128 };

/** Below this many training images a wider network was better on dev. */
const fewImages = 1000;

function images(dataset: Dataset, config: ConfigOverrides): Defaults {
  const pixels = dataset.items.pixels as NonNullable<Dataset['items']['pixels']>;
  const count = (dataset.splits.get('train') as Split).items.length;
  const blocks = count < fewImages ? [32, 64, 128] : [16, 32, 64];
  // Each block but the last halves the side.
  const fitting = blocks.slice(0, 1 + Math.floor(Math.log2(pixels.size)));
  const shape = { size: pixels.size, channels: pixels.channels, blocks: fitting };
  return {
    config: { ...config, image: { ...config.image, ...shape } },
    budget: { steps: 600, fewest: 4, most: 60 },
    choices: [{ setting: 'image.blocks', value: fitting.join('-'), because: `${count} training images` }],
  };
}

function withMirror(found: Defaults, { plain, mirrored, keepsLabels }: MirrorTest): Defaults {
  const { image } = found.config;
  return {
    ...found,
    config: { ...found.config, image: { ...image, augment: { ...image?.augment, mirror: keepsLabels } } },
    choices: [
      ...found.choices,
      {
        setting: 'image.augment.mirror',
        value: `${keepsLabels}`,
        because: `raw pixels tell ${percent(plain)} of dev images right, and ${percent(mirrored)} of them mirrored`,
      },
    ],
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function merge(base: RunConfig, over: ConfigOverrides): RunConfig {
  return {
    ...base,
    ...over,
    text: { ...base.text, ...over.text },
    image: { ...base.image, ...over.image, augment: { ...base.image.augment, ...over.image?.augment } },
    vector: { ...base.vector, ...over.vector },
  };
}
