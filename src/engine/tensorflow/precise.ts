import type * as tf from '@tensorflow/tfjs-core';
import type { Native, NativeOutput, OpAttribute } from './native';

/** TensorFlow's DT_DOUBLE: tfjs has no name for it, so these tensors live outside tfjs. */
const float64 = 2;

/**
 * Cosine similarities divided by the temperature, computed in float64 and handed back in float32 with each row's largest
 * value subtracted. At a temperature of 0.01 the rounding of a float32 cosine, a hundred times magnified, moves
 * gradients by more than 1e-5; this keeps them exact. Softmax does not see the subtraction.
 * query: [n, d]; keys: [m, d], neither normalised. Returns [n, m].
 */
export function preciseLogits(
  query: tf.Tensor2D,
  keys: tf.Tensor2D,
  temperature: number,
  smallestNorm: number,
  native: Native,
): tf.Tensor2D {
  const { backend, binding } = native;
  const owned: number[] = [];
  const attribute = (name: string, value: number): OpAttribute => ({
    name,
    type: binding.TF_ATTR_TYPE,
    value,
  });
  const flag = (name: string, value: boolean): OpAttribute => ({ name, type: binding.TF_ATTR_BOOL, value });
  const element = attribute('T', float64);
  const run = (op: string, attributes: readonly OpAttribute[], inputs: readonly number[]): number => {
    const [output] = binding.executeOp(op, attributes, inputs, 1) as [NativeOutput];
    owned.push(output.id);
    return output.id;
  };
  const cast = (input: number, from: number, to: number): number =>
    run('Cast', [attribute('SrcT', from), attribute('DstT', to), flag('Truncate', false)], [input]);
  const constant = (value: number): number => {
    const id = binding.createTensor([], binding.TF_FLOAT, new Float32Array([value]));
    owned.push(id);
    return cast(id, binding.TF_FLOAT, float64);
  };
  const axis = binding.createTensor([1], binding.TF_INT32, new Int32Array([1]));
  owned.push(axis);
  const reduce = (op: 'Sum' | 'Max', input: number): number =>
    run(op, [flag('keep_dims', true), element, attribute('Tidx', binding.TF_INT32)], [input, axis]);
  const normalise = (input: tf.Tensor2D): number => {
    const wide = cast(backend.getInputTensorIds([input])[0] as number, binding.TF_FLOAT, float64);
    const norm = run('Sqrt', [element], [reduce('Sum', run('Mul', [element], [wide, wide]))]);
    return run('RealDiv', [element], [wide, run('Maximum', [element], [norm, constant(smallestNorm)])]);
  };

  try {
    const cosine = run(
      'MatMul',
      [flag('transpose_a', false), flag('transpose_b', true), element],
      [normalise(query), normalise(keys)],
    );
    const logits = run('RealDiv', [element], [cosine, constant(temperature)]);
    const shifted = run('Sub', [element], [logits, reduce('Max', logits)]);
    const [output] = binding.executeOp(
      'Cast',
      [attribute('SrcT', float64), attribute('DstT', binding.TF_FLOAT), flag('Truncate', false)],
      [shifted],
      1,
    ) as [NativeOutput];
    return backend.createOutputTensor(output) as tf.Tensor2D;
  } finally {
    for (const id of owned) binding.deleteTensor(id);
  }
}
