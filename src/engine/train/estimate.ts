import type { InspectReport } from '../../protocol/dataset';
import type { RunConfig } from '../../protocol/run';
import type { Dataset, Split } from '../data/dataset';
import type { TrainingPlan } from './plan-training';

/** Measured on two cores with TensorFlow 2.21 (docs/results.md); the estimate is for orientation, not a promise. */
const measured = {
  /** Library, runtime and heap of a run on almost no data, bytes. */
  base: 650e6,
  /** Weight, two moments, gradient, the kept best weights and a copy on the way, bytes per parameter. */
  bytesPerParameter: 28,
  /** Optimiser and dense gradient, seconds per parameter and step. */
  secondsPerParameter: 1.1e-9,
  /** Forward and backward through one token's row, seconds per number. */
  secondsPerTokenNumber: 2.5e-9,
  /** Convolutions and products, operations per second. */
  operationsPerSecond: 4e10,
  /** What a step costs however small it is, seconds. */
  secondsPerStep: 3e-3,
  /** Reading and tokenising, seconds per character of text. */
  secondsPerCharacter: 2.5e-7,
};

/** What a run with this configuration will take on two cores. */
export function estimateRun(
  dataset: Dataset,
  config: RunConfig,
  { rows, stepsPerEpoch }: TrainingPlan,
): NonNullable<InspectReport['estimate']> {
  const steps = stepsPerEpoch * config.epochs;
  const batch = Math.min(config.batchSize, Math.ceil(rows.anchor.length / stepsPerEpoch));
  const items = batch * (2 + rows.negativesPerRow);
  const { parameters, perItem, start, bytes } = costs(dataset, config);
  const similarities = 12 * batch * (batch * (1 + rows.negativesPerRow)) * config.dimensions;
  const perStep =
    measured.secondsPerStep +
    parameters * measured.secondsPerParameter +
    items * perItem +
    similarities / measured.operationsPerSecond;
  const embeddings = dataset.items.count * config.dimensions * 4;
  return {
    steps,
    seconds: start + steps * perStep,
    memoryBytes: measured.base + bytes + parameters * measured.bytesPerParameter + 2 * embeddings,
  };
}

interface Costs {
  readonly parameters: number;
  /** Seconds to take one item forward and back. */
  readonly perItem: number;
  /** Seconds before step 1. */
  readonly start: number;
  /** The dataset in memory. */
  readonly bytes: number;
}

function costs(dataset: Dataset, config: RunConfig): Costs {
  const { items } = dataset;
  const { dimensions } = config;
  switch (items.kind) {
    case 'text': {
      const characters = items.content.reduce((sum, text) => sum + text.length, 0);
      const tokensPerItem = characters / Math.max(1, items.count) / 5;
      return {
        parameters: config.text.vocabularySize * dimensions,
        perItem: tokensPerItem * dimensions * measured.secondsPerTokenNumber,
        start: 1 + characters * measured.secondsPerCharacter,
        bytes: 4 * characters,
      };
    }
    case 'id': {
      const known = (dataset.splits.get('train') as Split).items.length;
      return {
        parameters: known * dimensions,
        perItem: dimensions * measured.secondsPerTokenNumber,
        start: 1,
        bytes: 100 * items.count,
      };
    }
    case 'image':
      return imageCosts(dataset, config);
    case 'vector': {
      const width = items.vectors?.width ?? 0;
      const widths = [width, ...config.vector.hidden, dimensions];
      const parameters = widths.slice(1).reduce((sum, out, i) => sum + out * ((widths[i] as number) + 1), 0);
      return {
        parameters,
        perItem: (6 * parameters) / measured.operationsPerSecond,
        start: 1,
        bytes: 8 * items.count * width,
      };
    }
  }
}

function imageCosts({ items }: Dataset, { image, dimensions }: RunConfig): Costs {
  let [side, channels, parameters, products] = [image.size, image.channels as number, 0, 0];
  for (const out of image.blocks) {
    parameters += 9 * channels * out;
    products += side * side * 9 * channels * out;
    channels = out;
    side = Math.floor(side / 2);
  }
  parameters += 16 * channels * dimensions;
  return {
    parameters,
    // Forward once, backward twice, two operations a product.
    perItem: (6 * products) / measured.operationsPerSecond,
    start: 1 + items.count * 1e-3,
    bytes: items.pixels?.data.byteLength ?? 0,
  };
}
