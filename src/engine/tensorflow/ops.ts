import * as tf from '@tensorflow/tfjs-core';
import { floatType, type } from './attributes';
import { nativeHandles } from './native';

/**
 * The ops that decide training speed, each as one differentiable function. On native TensorFlow they run as a single
 * fused kernel with its fused gradient (measured in docs/results.md); on the JavaScript backend as plain tfjs ops with
 * the same result.
 */

/** `max(x, 0)`; the fused gradient replaces tfjs's `step` kernel, about twenty times slower on feature maps. */
export function relu<T extends tf.Tensor>(x: T): T {
  const native = nativeHandles();
  if (!native) return tf.relu(x);
  return tf.customGrad((input, save) => {
    const value = tf.relu(input as tf.Tensor);
    (save as tf.GradSaveFunc)([value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        native.backend.executeSingleOutput('ReluGrad', [floatType(native)], [dy, saved[0] as tf.Tensor]),
    };
  })(x) as T;
}

/** Max pooling over non-overlapping `size x size` windows. x: [n, height, width, channels]. */
export function maxPool(x: tf.Tensor4D, size: number): tf.Tensor4D {
  const native = nativeHandles();
  if (!native) return tf.maxPool(x, size, size, 'valid');
  const { binding } = native;
  const window = [1, size, size, 1];
  const attributes = [
    floatType(native),
    { name: 'ksize', type: binding.TF_ATTR_INT, value: window },
    { name: 'strides', type: binding.TF_ATTR_INT, value: window },
    { name: 'padding', type: binding.TF_ATTR_STRING, value: 'VALID' },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
  ];
  return tf.customGrad((input, save) => {
    const value = native.backend.executeSingleOutput('MaxPool', attributes, [input as tf.Tensor]);
    (save as tf.GradSaveFunc)([input as tf.Tensor, value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        native.backend.executeSingleOutput('MaxPoolGrad', attributes, [...saved, dy]),
    };
  })(x) as tf.Tensor4D;
}

const batchNormEpsilon = 1e-3;

/** Takes the mean and variance of a batch, [channels] each, for running averages. */
export type OnStatistics = (mean: Float32Array, variance: Float32Array) => void;

/**
 * Batch normalisation with the statistics of this batch (Ioffe and Szegedy 2015).
 * x: [n, height, width, channels]; scale, offset: [channels].
 */
export function batchNorm(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  onStatistics: OnStatistics,
): tf.Tensor4D {
  const native = nativeHandles();
  if (!native) {
    const { mean, variance } = tf.moments(x, [0, 1, 2]) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
    const count = x.size / x.shape[3];
    // The fused kernel hands out the unbiased variance, and so does this.
    const unbiased = tf.mul(variance, count / Math.max(1, count - 1));
    onStatistics(mean.dataSync<'float32'>(), unbiased.dataSync<'float32'>());
    return tf.batchNorm4d(x, mean, variance, offset, scale, batchNormEpsilon);
  }
  const { binding } = native;
  const attributes = (averaging: boolean) => [
    floatType(native),
    floatType(native, 'U'),
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: batchNormEpsilon },
    ...(averaging ? [{ name: 'exponential_avg_factor', type: binding.TF_ATTR_FLOAT, value: 1 }] : []),
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
  return tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as tf.GradSaveFunc;
    const [input, gamma, beta] = inputs as tf.Tensor[] as [tf.Tensor, tf.Tensor, tf.Tensor];
    const none = tf.tensor1d([]);
    const outputs = native.backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      attributes(true),
      [input, gamma, beta, none, none],
      6,
    );
    const [value, mean, variance, ...reserved] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
    onStatistics(mean.dataSync<'float32'>(), variance.dataSync<'float32'>());
    save([input, gamma, ...reserved]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        native.backend
          .executeMultipleOutputs('FusedBatchNormGradV3', attributes(false), [dy, ...saved], 5)
          .slice(0, 3),
    };
  })(x, scale, offset) as tf.Tensor4D;
}

/** Batch normalisation with fixed statistics, for evaluation. */
export function fixedNorm(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
): tf.Tensor4D {
  return tf.batchNorm4d(x, mean, variance, offset, scale, batchNormEpsilon);
}

/**
 * Cross-entropy of each row against one class. logits: [n, m]; target: [n] int32, class of each row. Returns [n], nats.
 * Always through log-softmax; the fused kernel gives loss and gradient in one pass over the matrix.
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, target: tf.Tensor1D): tf.Tensor1D {
  const native = nativeHandles();
  if (!native) {
    const logProbabilities = tf.logSoftmax(logits);
    const classes = tf.range(0, logits.shape[1], 1, 'int32');
    const own = tf.cast(tf.equal(tf.expandDims(target, 1), classes), 'float32');
    return tf.neg(tf.sum(tf.mul(logProbabilities, own), 1));
  }
  return tf.customGrad((input, save) => {
    const [loss, gradient] = native.backend.executeMultipleOutputs(
      'SparseSoftmaxCrossEntropyWithLogits',
      [floatType(native), type(native, 'Tlabels', native.binding.TF_INT32)],
      [input as tf.Tensor, target],
      2,
    ) as [tf.Tensor, tf.Tensor];
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value: loss,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(tf.expandDims(dy, 1), saved[0] as tf.Tensor),
    };
  })(logits) as tf.Tensor1D;
}

/** Below this length a vector counts as zero; as torch.nn.functional.normalize. */
export const smallestNorm = 1e-12;

/** Rows of x divided by their length, and that length, at least 1e-12. */
function unitRows(x: tf.Tensor): { z: tf.Tensor; length: tf.Tensor } {
  // Not tf.norm: it takes the square by a power.
  const norm = tf.sqrt(tf.sum(tf.mul(x, x), -1, true));
  // A length beyond float32 would make the row zero, and a run that has exploded look calm.
  const length = tf.where(tf.isFinite(norm), tf.maximum(norm, smallestNorm), NaN);
  return { z: tf.div(x, length), length };
}

/** From the gradient at z to the gradient at x, where z and length are `unitRows(x)`. */
function unitRowsGradient(dz: tf.Tensor, z: tf.Tensor, length: tf.Tensor): tf.Tensor {
  // Where the length is clamped it is a constant, and nothing is projected out.
  const free = tf.cast(tf.greater(length, smallestNorm), 'float32');
  const along = tf.mul(tf.sum(tf.mul(dz, z), -1, true), free);
  return tf.div(tf.sub(dz, tf.mul(z, along)), length);
}

/**
 * Rows scaled to length 1; rows shorter than 1e-12 are divided by that instead, so zero stays zero and the gradient
 * finite. x: [..., d]. Equals `torch.nn.functional.normalize` in value and gradient.
 */
export function l2Normalise<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((input, save) => {
    const { z, length } = unitRows(input as tf.Tensor);
    (save as tf.GradSaveFunc)([z, length]);
    return {
      value: z,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        unitRowsGradient(dy, saved[0] as tf.Tensor, saved[1] as tf.Tensor),
    };
  })(x) as T;
}

/**
 * Resamples each image: output pixel (x, y) is read, bilinearly, at (a x + b y + c, d x + e y + f); beyond the border the
 * edge pixel repeats. images: [n, height, width, channels]; transforms: [n, 8] rows (a, b, c, d, e, f, 0, 0).
 */
export function affine(images: tf.Tensor4D, transforms: tf.Tensor2D): tf.Tensor4D {
  const native = nativeHandles();
  if (!native) {
    // tfjs-backend-cpu 4.22 resamples only the first image of a batch.
    return tf.tidy(() =>
      tf.concat4d(
        tf.split(images, images.shape[0]).map((image, i) => {
          const own = tf.slice2d(transforms, [i, 0], [1, 8]);
          return tf.image.transform(image as tf.Tensor4D, own, 'bilinear', 'nearest');
        }),
        0,
      ),
    );
  }
  const { backend, binding } = native;
  return tf.tidy(() =>
    backend.executeSingleOutput(
      'ImageProjectiveTransformV3',
      [
        floatType(native, 'dtype'),
        { name: 'interpolation', type: binding.TF_ATTR_STRING, value: 'BILINEAR' },
        { name: 'fill_mode', type: binding.TF_ATTR_STRING, value: 'NEAREST' },
      ],
      [images, transforms, tf.tensor1d(images.shape.slice(1, 3), 'int32'), tf.scalar(0)],
    ),
  ) as tf.Tensor4D;
}
