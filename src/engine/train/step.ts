import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../protocol/errors';
import type { RunConfig } from '../../protocol/run';
import { type BatchItems, stack } from '../batch/items';
import type { FalseNegatives } from '../batch/mask';
import { type Dataset, placeName, placeOf } from '../data/dataset';
import type { EncoderBatch, EncoderInputs } from '../model/encoder';
import type { Model } from '../model/model';
import { batchLoss } from '../objective/batch-loss';
import { random } from '../random';

export interface StepContext {
  readonly model: Model;
  readonly inputs: EncoderInputs;
  readonly dataset: Dataset;
  readonly falseNegatives: FalseNegatives;
  readonly config: RunConfig;
}

/** One optimiser step. Returns the loss before it. @throws UserError at a loss that is not finite, before any weight moves. */
export function trainStep(
  context: StepContext,
  items: BatchItems,
  step: number,
  learningRate: number,
): number {
  const { model, inputs, config, falseNegatives } = context;
  const indices = stack(items);
  const batch = inputs.batch(indices, (row) => random(config.seed, 'view', step, row));
  const weights = model.parameters.read();
  let gradients: tf.Tensor[] = [];
  try {
    const masks = falseNegatives.masks(items);
    const { value, grads } = tf.valueAndGrads((...current) =>
      batchLoss(batch.embed(current, true), items.query.length, masks, config),
    )(weights);
    gradients = grads;
    const loss = value.dataSync<'float32'>()[0] as number;
    value.dispose();
    if (!Number.isFinite(loss)) throw nonFinite(context, batch, indices, weights, step, loss);
    // Before the update, which then needs no copy of them.
    tf.dispose(weights);
    model.parameters.adam(gradients, { step, learningRate, weightDecay: config.weightDecay });
    return loss;
  } finally {
    tf.dispose([weights, gradients]);
    batch.dispose();
  }
}

const namedAtMost = 3;

function nonFinite(
  { dataset, config }: StepContext,
  batch: EncoderBatch,
  indices: Int32Array,
  weights: readonly tf.Tensor[],
  step: number,
  loss: number,
): UserError {
  const values = tf.tidy(() => batch.embed(weights, false).dataSync<'float32'>());
  const width = values.length / indices.length;
  const broken = [...indices.keys()].filter((row) =>
    values.subarray(row * width, (row + 1) * width).some((value) => !Number.isFinite(value)),
  );
  // When only the loss overflowed, every row had its part in it.
  const rows = broken.length > 0 && broken.length < indices.length ? broken : [...indices.keys()];
  const places = [...new Set(rows.map((row) => placeName(dataset, indices[row] as number)))];
  const rest = places.length > namedAtMost ? ` and ${places.length - namedAtMost} more` : '';
  return new UserError(
    'non-finite-loss',
    `the loss is ${loss} at step ${step}, in the batch of ${places.slice(0, namedAtMost).join(', ')}${rest}; ` +
      `lower the learning rate (now ${config.learningRate}) or raise the temperature (now ${config.temperature})`,
    placeOf(dataset, indices[rows[0] as number] as number),
  );
}
