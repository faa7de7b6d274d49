import type * as tf from '@tensorflow/tfjs-core';
import type { ItemKind } from '../../protocol/dataset';
import type { Items } from '../data/dataset';
import type { Random } from '../random';
import type { NamedTensor } from '../run/tensors';
import type { WeightSpec } from './initial';

/** Random numbers for the views of a batch: one stream per row, a pure function of its coordinates. */
export type ViewSource = (row: number) => Random;

/** Some items, ready to be embedded. `dispose` when done. */
export interface EncoderBatch {
  /**
   * Differentiable in the weights. `training` takes batch statistics and updates the running ones; otherwise the
   * running ones serve. Returns [rows, dimensions], not normalised.
   */
  embed(weights: readonly tf.Tensor[], training: boolean): tf.Tensor2D;
  dispose(): void;
}

/** Items in the form the encoder eats (token counts, pixels, scaled columns), made once. */
export interface EncoderInputs {
  /** `view` asks for a random view of each item, where the encoder has augmentations; without it the item as it is. */
  batch(indices: Int32Array, view?: ViewSource): EncoderBatch;
}

/** `model.json`: what is needed, with the tensors and the tokenizer, to build the encoder again. */
export type ModelDescription =
  | {
      readonly kind: 'text';
      readonly dimensions: number;
      readonly vocabularySize: number;
      readonly idf: 'rows' | 'pooling';
      readonly dense: number;
    }
  | {
      readonly kind: 'id';
      readonly dimensions: number;
      readonly users: readonly string[];
      readonly items: readonly string[];
    }
  | {
      readonly kind: 'image';
      readonly dimensions: number;
      readonly size: number;
      readonly channels: 1 | 3;
      readonly blocks: readonly number[];
    }
  | {
      readonly kind: 'vector';
      readonly dimensions: number;
      readonly width: number;
      readonly hidden: readonly number[];
    };

/** f: items to embeddings. The architecture, and what is not trained; the trained weights are handed in. */
export interface Encoder {
  readonly kind: ItemKind;
  readonly dimensions: number;
  readonly description: ModelDescription;
  /** Only for text: the tokenizer, as the JSON of Hugging Face's tokenizers library. */
  readonly tokenizer?: string;
  /** What is trained, in the order in which `embed` takes it. */
  readonly weights: readonly WeightSpec[];
  prepare(items: Items, progress?: PrepareProgress): Promise<EncoderInputs>;
  /** Tensors that belong to the model but are not trained: scales, idf, running statistics. */
  constants(): NamedTensor[];
  /** Puts constants back that training changes (running statistics). */
  setConstants(constants: readonly NamedTensor[]): void;
}

export interface PrepareProgress {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
