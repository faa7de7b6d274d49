import * as tf from '@tensorflow/tfjs-core';
import type { Negatives } from '../../protocol/run';
import { l2Normalise, softmaxCrossEntropy } from '../tensorflow/ops';
import { cosineCrossEntropy, withMask } from './cosine-cross-entropy';

export interface InfoNceInput {
  /** [B, d], of any length: the loss takes cosines. */
  readonly query: tf.Tensor2D;
  /** [B, d]: row i belongs to query i. */
  readonly positive: tf.Tensor2D;
  /** [B * m, d]: rows i * m … i * m + m - 1 were given for query i. */
  readonly negatives?: tf.Tensor2D;
  /**
   * 1 where a candidate is a known positive of the row and must not be pushed away, else 0; [B, B + B * m], columns in
   * the order positives, negatives. The row's own positive is never masked.
   */
  readonly mask?: tf.Tensor2D;
  /** The same from the positives' side, [B, B]; only for the symmetric form. */
  readonly reverseMask?: tf.Tensor2D;
}

export interface InfoNceOptions {
  readonly temperature: number;
  /** Mean of query -> positive and positive -> query (CLIP, Radford et al. 2021); the latter sees queries only. */
  readonly symmetric: boolean;
  readonly negatives: Negatives;
}

/**
 * InfoNCE (van den Oord et al. 2018; also NT-Xent, multiple-negatives ranking): cosine similarities of each query with
 * its candidates, divided by the temperature, cross-entropy against its own positive, mean over the batch. Nats.
 *
 * Candidates beside the own positive:
 * - `in-batch`: the positives of the other rows;
 * - `explicit-shared`: all explicit negatives of the batch, the same for every row;
 * - `explicit-paired`: only the negatives given for this row;
 * - `both`: in-batch and explicit-shared.
 */
export function infoNce(input: InfoNceInput, options: InfoNceOptions): tf.Scalar {
  const { query, positive, mask } = input;
  const explicit = options.negatives === 'in-batch' ? undefined : input.negatives;
  if (options.negatives === 'explicit-shared' || options.negatives === 'explicit-paired') {
    if (!explicit) throw new Error(`negatives "${options.negatives}" needs explicit negatives`);
    return tf.mean<tf.Scalar>(withoutOtherPositives(query, positive, explicit, options, mask));
  }

  const candidates = explicit ? tf.concat2d([positive, explicit], 0) : positive;
  return cosineCrossEntropy(query, candidates, {
    temperature: options.temperature,
    symmetric: options.symmetric,
    mask: mask && columns(mask, candidates.shape[0]),
    reverseMask: input.reverseMask,
  });
}

/** The mask of the first candidates, where explicit negatives are left out. */
function columns(mask: tf.Tensor2D, count: number): tf.Tensor2D {
  return mask.shape[1] === count ? mask : tf.slice2d(mask, [0, 0], [mask.shape[0], count]);
}

/** The forms that leave the other rows' positives out: column 0 is the own positive, then the explicit negatives. */
function withoutOtherPositives(
  query: tf.Tensor2D,
  positive: tf.Tensor2D,
  explicit: tf.Tensor2D,
  options: InfoNceOptions,
  mask: tf.Tensor2D | undefined,
): tf.Tensor1D {
  const [rows, dimensions] = query.shape;
  const perRow = explicit.shape[0] / rows;
  const z = l2Normalise(query);
  const negative = l2Normalise(explicit);
  const own = tf.sum<tf.Tensor2D>(tf.mul(z, l2Normalise(positive)), 1, true);
  let similarity: tf.Tensor2D;
  let hidden = mask && tf.slice2d(mask, [0, rows], [rows, rows * perRow]);
  if (options.negatives === 'explicit-shared') {
    similarity = tf.matMul(z, negative, false, true);
  } else {
    const grouped = tf.reshape(negative, [rows, perRow, dimensions]);
    similarity = tf.sum<tf.Tensor2D>(tf.mul(tf.expandDims(z, 1), grouped), 2);
    hidden = hidden && ownBlocks(hidden, rows, perRow);
  }
  const logits = tf.mul<tf.Tensor2D>(tf.concat2d([own, similarity], 1), 1 / options.temperature);
  const padded =
    hidden &&
    tf.pad(hidden, [
      [0, 0],
      [1, 0],
    ]);
  return softmaxCrossEntropy(withMask(logits, padded), tf.zeros([rows], 'int32'));
}

/** From [B, B * m] the block of each row's own negatives: [B, m]. */
function ownBlocks(mask: tf.Tensor2D, rows: number, perRow: number): tf.Tensor2D {
  const diagonal = tf.expandDims(tf.eye(rows), 2);
  return tf.sum<tf.Tensor2D>(tf.mul(tf.reshape(mask, [rows, rows, perRow]), diagonal), 1);
}
