import * as tf from '@tensorflow/tfjs-core';
import type { RunConfig } from '../../protocol/run';
import { infoNce } from './infonce';

/** The false negatives of a batch, row-major, 1 = hidden; see `InfoNceInput`. */
export interface Masks {
  readonly forward?: Float32Array;
  readonly reverse?: Float32Array;
}

/**
 * The run's objective on the embeddings of one batch: `rows` queries, then their positives, then (rows x m) negatives,
 * stacked [rows * (2 + m), d]. Returns nats, mean over the batch.
 */
export function batchLoss(embeddings: tf.Tensor2D, rows: number, masks: Masks, config: RunConfig): tf.Scalar {
  const [count, dimensions] = embeddings.shape;
  const part = (from: number, length: number): tf.Tensor2D =>
    tf.slice2d(embeddings, [from, 0], [length, dimensions]);
  const extra = count - 2 * rows;
  return infoNce(
    {
      query: part(0, rows),
      positive: part(rows, rows),
      ...(extra > 0 && { negatives: part(2 * rows, extra) }),
      ...(masks.forward && { mask: tf.tensor2d(masks.forward, [rows, rows + extra]) }),
      ...(masks.reverse && { reverseMask: tf.tensor2d(masks.reverse, [rows, rows]) }),
    },
    config,
  );
}
