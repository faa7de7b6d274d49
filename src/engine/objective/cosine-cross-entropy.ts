import * as tf from '@tensorflow/tfjs-core';
import { type Float64, Float64Scope } from '../tensorflow/float64';
import { type Native, nativeHandles } from '../tensorflow/native';
import { l2Normalise, smallestNorm, softmaxCrossEntropy } from '../tensorflow/ops';

/** Added to the logit of a masked candidate: its probability becomes exactly 0. */
const masked = -1e9;

/** Below this temperature, or where a row is shorter than this, float32 rounding shows in the gradients (decision 0004). */
const preciseTemperature = 0.03;
const preciseLength = 1e-2;

export interface Contrast {
  readonly temperature: number;
  /** Mean of both directions: queries among the keys, and the first n keys among the queries. */
  readonly symmetric: boolean;
  /** [n, m], 1 = not a candidate. */
  readonly mask?: tf.Tensor2D | undefined;
  /** [n, n], the same for the keys' side. */
  readonly reverseMask?: tf.Tensor2D | undefined;
}

/**
 * Cross-entropy of each query against its own key, over the cosines with all keys divided by the temperature; mean over
 * the queries, nats. query: [n, d]; keys: [m, d], key i belonging to query i, both of any length. Differentiable in both.
 *
 * On native TensorFlow it is computed in float64 where float32 would move gradients by more than 1e-5.
 */
export function cosineCrossEntropy(query: tf.Tensor2D, keys: tf.Tensor2D, contrast: Contrast): tf.Scalar {
  const { temperature, symmetric, mask, reverseMask } = contrast;
  const native = nativeHandles();
  const rows = query.shape[0];
  if (native && (temperature < preciseTemperature || isTiny(query) || isTiny(keys))) {
    const forward = tf.mean<tf.Scalar>(precise(query, keys, temperature, mask, native));
    if (!symmetric) return forward;
    const own = tf.slice2d(keys, [0, 0], [rows, keys.shape[1]]);
    return half(forward, tf.mean<tf.Scalar>(precise(own, query, temperature, reverseMask, native)));
  }
  const own = tf.range(0, rows, 1, 'int32');
  const sharpened = tf.mul<tf.Tensor2D>(l2Normalise(query), 1 / temperature);
  const logits = tf.matMul<tf.Tensor2D>(sharpened, l2Normalise(keys), false, true);
  const forward = tf.mean<tf.Scalar>(softmaxCrossEntropy(withMask(logits, mask), own));
  if (!symmetric) return forward;
  const back = tf.transpose<tf.Tensor2D>(
    rows === keys.shape[0] ? logits : tf.slice2d(logits, [0, 0], [rows, rows]),
  );
  return half(forward, tf.mean<tf.Scalar>(softmaxCrossEntropy(withMask(back, reverseMask), own)));
}

function half(forward: tf.Scalar, backward: tf.Scalar): tf.Scalar {
  return tf.mul(tf.add(forward, backward), 0.5);
}

/** Logits with the masked candidates out of reach. */
export function withMask(logits: tf.Tensor2D, mask: tf.Tensor2D | undefined): tf.Tensor2D {
  return mask ? tf.add(logits, tf.mul(mask, masked)) : logits;
}

/** Whether a row is short, and not zero: zero rows are exact in float32 too. */
function isTiny(x: tf.Tensor2D): boolean {
  const squares = tf.tidy(() => tf.sum(tf.mul(x, x), 1).dataSync<'float32'>());
  return squares.some((square) => square > 0 && square < preciseLength ** 2);
}

function precise(
  query: tf.Tensor2D,
  keys: tf.Tensor2D,
  temperature: number,
  mask: tf.Tensor2D | undefined,
  native: Native,
): tf.Tensor1D {
  return tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as tf.GradSaveFunc;
    const [q, k] = inputs as [tf.Tensor2D, tf.Tensor2D];
    save(mask ? [q, k, mask] : [q, k]);
    return {
      value: Float64Scope.run(native, (scope) => {
        const { sum, shifted, own } = forward(scope, q, k, temperature, mask);
        const loss = scope.binary(
          'Sub',
          scope.unary('Log', sum),
          scope.reduce('Sum', scope.binary('Mul', shifted, own)),
        );
        return tf.squeeze(scope.toFloat32(loss), [1]);
      }),
      // Computed anew: float64 tensors that wait for a gradient which may never be asked for would leak.
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(dy, saved, temperature, native),
    };
  })(query, keys) as tf.Tensor1D;
}

function gradient(dy: tf.Tensor, saved: tf.Tensor[], temperature: number, native: Native): tf.Tensor[] {
  const [q, k, mask] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D?];
  return Float64Scope.run(native, (scope) => {
    const { a, b, sum, exponential, own } = forward(scope, q, k, temperature, mask);
    const upstream = scope.binary('RealDiv', scope.from(tf.expandDims(dy, 1)), scope.constant(temperature));
    // softmax - one-hot, as (e - sum own) / sum: no rounding to 1 where a query is sure of its key.
    const difference = scope.binary('Sub', exponential, scope.binary('Mul', sum, own));
    const dCosine = scope.binary('Mul', scope.binary('RealDiv', difference, sum), upstream);
    return [
      project(scope, scope.matMul(dCosine, b.z, false, false), a, q),
      project(scope, scope.matMul(dCosine, a.z, true, false), b, k),
    ];
  });
}

interface UnitRows {
  readonly z: Float64;
  readonly length: Float64;
}

function forward(
  scope: Float64Scope,
  q: tf.Tensor2D,
  k: tf.Tensor2D,
  temperature: number,
  mask?: tf.Tensor2D,
) {
  const [a, b] = [unit(scope, q), unit(scope, k)];
  const cosine = scope.matMul(a.z, b.z, false, true);
  const plain = scope.binary('RealDiv', cosine, scope.constant(temperature));
  const logits = mask ? scope.binary('Add', plain, scope.from(tf.mul(mask, masked))) : plain;
  const shifted = scope.binary('Sub', logits, scope.reduce('Max', logits));
  const exponential = scope.unary('Exp', shifted);
  const own = scope.from(tf.eye(q.shape[0], k.shape[0]));
  return { a, b, shifted, exponential, sum: scope.reduce('Sum', exponential), own };
}

function unit(scope: Float64Scope, x: tf.Tensor2D): UnitRows {
  const wide = scope.from(x);
  const norm = scope.unary('Sqrt', scope.reduce('Sum', scope.binary('Mul', wide, wide)));
  const length = scope.binary('Maximum', norm, scope.constant(smallestNorm));
  return { z: scope.binary('RealDiv', wide, length), length };
}

/** From the gradient at z to the gradient at x; a row shorter than `smallestNorm` has a constant length. */
function project(scope: Float64Scope, dz: Float64, { z, length }: UnitRows, x: tf.Tensor2D): tf.Tensor {
  const free = scope.from(
    tf.cast(tf.greater(tf.sqrt(tf.sum(tf.mul(x, x), 1, true)), smallestNorm), 'float32'),
  );
  const along = scope.binary('Mul', scope.reduce('Sum', scope.binary('Mul', dz, z)), free);
  const across = scope.binary('Sub', dz, scope.binary('Mul', z, along));
  return scope.toFloat32(scope.binary('RealDiv', across, length));
}
