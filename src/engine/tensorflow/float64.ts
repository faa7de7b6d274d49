import type * as tf from '@tensorflow/tfjs-core';
import type { Native, NativeOutput, OpAttribute } from './native';

/** TensorFlow's DT_DOUBLE, which tfjs has no name for. */
const doubleType = 2;

/** A float64 tensor inside a `Float64Scope`. */
export type Float64 = number & { readonly brand: 'float64' };

/** Arithmetic in float64 on native TensorFlow. Its tensors live outside tfjs and end with the scope. */
export class Float64Scope {
  private readonly owned: number[] = [];
  private readonly element: OpAttribute;

  constructor(private readonly native: Native) {
    this.element = this.type('T', doubleType);
  }

  /** Runs `work` and deletes every float64 tensor that it made. */
  static run<T>(native: Native, work: (scope: Float64Scope) => T): T {
    const scope = new Float64Scope(native);
    try {
      return work(scope);
    } finally {
      for (const id of scope.owned) native.binding.deleteTensor(id);
    }
  }

  from(tensor: tf.Tensor): Float64 {
    const { backend, binding } = this.native;
    return this.cast(backend.getInputTensorIds([tensor])[0] as number, binding.TF_FLOAT);
  }

  /** A single number, which broadcasts. The binding takes no float64, so it goes in as two float32 parts. */
  constant(value: number): Float64 {
    const { binding } = this.native;
    const parts = [Math.fround(value), value - Math.fround(value)].map((part) => {
      const id = binding.createTensor([], binding.TF_FLOAT, new Float32Array([part]));
      this.owned.push(id);
      return this.cast(id, binding.TF_FLOAT);
    });
    return this.binary('Add', parts[0] as Float64, parts[1] as Float64);
  }

  /** Rounds to float32, into tfjs's keeping. */
  toFloat32(value: Float64): tf.Tensor {
    const { backend, binding } = this.native;
    const attributes = this.castAttributes(doubleType, binding.TF_FLOAT);
    const [output] = binding.executeOp('Cast', attributes, [value], 1) as [NativeOutput];
    return backend.createOutputTensor(output);
  }

  binary(op: 'Add' | 'Sub' | 'Mul' | 'RealDiv' | 'Maximum', a: Float64, b: Float64): Float64 {
    return this.execute(op, [this.element], [a, b]);
  }

  unary(op: 'Sqrt' | 'Exp' | 'Log', a: Float64): Float64 {
    return this.execute(op, [this.element], [a]);
  }

  /** Over the last axis of a matrix, which stays as 1. */
  reduce(op: 'Sum' | 'Max', a: Float64): Float64 {
    const { binding } = this.native;
    const axis = binding.createTensor([1], binding.TF_INT32, new Int32Array([1]));
    this.owned.push(axis);
    const attributes = [this.flag('keep_dims', true), this.element, this.type('Tidx', binding.TF_INT32)];
    return this.execute(op, attributes, [a, axis]);
  }

  matMul(a: Float64, b: Float64, transposeA: boolean, transposeB: boolean): Float64 {
    const attributes = [
      this.flag('transpose_a', transposeA),
      this.flag('transpose_b', transposeB),
      this.element,
    ];
    return this.execute('MatMul', attributes, [a, b]);
  }

  private cast(input: number, from: number): Float64 {
    return this.execute('Cast', this.castAttributes(from, doubleType), [input]);
  }

  private castAttributes(from: number, to: number): OpAttribute[] {
    return [this.type('SrcT', from), this.type('DstT', to), this.flag('Truncate', false)];
  }

  private execute(op: string, attributes: readonly OpAttribute[], inputs: readonly number[]): Float64 {
    const [output] = this.native.binding.executeOp(op, attributes, inputs, 1) as [NativeOutput];
    this.owned.push(output.id);
    return output.id as Float64;
  }

  private type(name: string, value: number): OpAttribute {
    return { name, type: this.native.binding.TF_ATTR_TYPE, value };
  }

  private flag(name: string, value: boolean): OpAttribute {
    return { name, type: this.native.binding.TF_ATTR_BOOL, value };
  }
}
