import * as tf from '@tensorflow/tfjs-core';
import type { Items } from '../data/dataset';
import { l2Normalise } from '../tensorflow/ops';
import type { Parameters } from '../tensorflow/parameters';
import type { Encoder, EncoderInputs, PrepareProgress } from './encoder';

/** Rows embedded at once: small enough to stop within a moment and to bound memory. */
const chunk = { text: 1024, id: 4096, vector: 4096, image: 256 };

/** An encoder with its weights. */
export class Model {
  constructor(
    readonly encoder: Encoder,
    readonly parameters: Parameters,
  ) {}

  get dimensions(): number {
    return this.encoder.dimensions;
  }

  /** L2-normalised embeddings of prepared items, row-major [indices.length, dimensions]. */
  async embed(
    inputs: EncoderInputs,
    indices: Int32Array,
    progress: PrepareProgress = {},
  ): Promise<Float32Array> {
    const rows = chunk[this.encoder.kind];
    const result = new Float32Array(indices.length * this.dimensions);
    const weights = this.parameters.read();
    try {
      for (let start = 0; start < indices.length; start += rows) {
        progress.signal?.throwIfAborted();
        const batch = inputs.batch(indices.subarray(start, start + rows));
        try {
          const embedding = tf.tidy(() => l2Normalise(batch.embed(weights, false)));
          result.set(embedding.dataSync<'float32'>(), start * this.dimensions);
          embedding.dispose();
        } finally {
          batch.dispose();
        }
        progress.onProgress?.(Math.min(start + rows, indices.length), indices.length);
        await new Promise(setImmediate);
      }
    } finally {
      tf.dispose(weights);
    }
    return result;
  }

  /** The same for any items of the model's kind, all of them or those named by `indices`. */
  async embedItems(
    items: Items,
    indices?: Int32Array,
    progress: PrepareProgress = {},
  ): Promise<Float32Array> {
    const inputs = await this.encoder.prepare(items, progress);
    return await this.embed(
      inputs,
      indices ?? Int32Array.from({ length: items.count }, (_, i) => i),
      progress,
    );
  }

  dispose(): void {
    this.parameters.dispose();
  }
}
