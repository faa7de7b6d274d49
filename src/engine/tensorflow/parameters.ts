import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensor } from '../run/tensors';
import { type Native, type NativeOutput, nativeHandles, type OpAttribute } from './native';

export interface AdamUpdate {
  /** 1-based; bias correction is computed from it, so that a resumed run continues to the bit. */
  readonly step: number;
  readonly learningRate: number;
  /** Decoupled (AdamW, Loshchilov and Hutter 2019): weight <- weight - learningRate * weightDecay * weight. */
  readonly weightDecay: number;
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** One weight and its two Adam moments, wherever they live. */
interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  value(): tf.Tensor;
  update(gradient: tf.Tensor, rate: number, decay: number, powers: readonly [number, number]): void;
  /** A copy of the weight, or of a moment of its gradient. */
  copy(part: 'weight' | 'm' | 'v'): Float32Array;
  dispose(): void;
}

/**
 * The weights of a model and their optimiser (AdamW; Kingma and Ba 2015). On native TensorFlow a weight is a resource
 * that one fused kernel updates in place; tfjs's own Adam rebuilds its bias correction on resume and cannot continue
 * exactly (decision 0007).
 */
export class Parameters {
  private readonly slots: readonly Slot[];

  /** `moments`, as given by `moments()`, continues a run; without it both start at zero. */
  constructor(weights: readonly NamedTensor[], moments: readonly NamedTensor[] = []) {
    const found = new Map(moments.map((tensor) => [tensor.name, floats(tensor)]));
    const native = nativeHandles();
    this.slots = weights.map((weight) => {
      const size = weight.data.length;
      const m = found.get(`adam.m/${weight.name}`) ?? new Float32Array(size);
      const v = found.get(`adam.v/${weight.name}`) ?? new Float32Array(size);
      return native ? new NativeSlot(weight, m, v, native) : new PortableSlot(weight, m, v);
    });
  }

  get count(): number {
    return this.slots.reduce((sum, slot) => sum + slot.shape.reduce((a, b) => a * b, 1), 0);
  }

  get names(): readonly string[] {
    return this.slots.map((slot) => slot.name);
  }

  /** The weights as tensors, in order; the caller disposes them before the next update, which then needs no copy. */
  read(): tf.Tensor[] {
    return this.slots.map((slot) => slot.value());
  }

  /** Gradients in the order of `read`. */
  adam(gradients: readonly tf.Tensor[], update: AdamUpdate): void {
    const powers = [beta1 ** update.step, beta2 ** update.step] as const;
    for (const [i, slot] of this.slots.entries()) {
      // Decay is for matrices and kernels; scales and offsets keep their freedom (as in the field's usual recipes).
      const decay = slot.shape.length > 1 ? update.weightDecay : 0;
      slot.update(gradients[i] as tf.Tensor, update.learningRate, decay, powers);
    }
  }

  weights(): NamedTensor[] {
    return this.slots.map((slot) => ({ name: slot.name, shape: slot.shape, data: slot.copy('weight') }));
  }

  moments(): NamedTensor[] {
    return this.slots.flatMap((slot) =>
      (['m', 'v'] as const).map((part) => ({
        name: `adam.${part}/${slot.name}`,
        shape: slot.shape,
        data: slot.copy(part),
      })),
    );
  }

  dispose(): void {
    for (const slot of this.slots) slot.dispose();
  }
}

function floats(tensor: NamedTensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) throw new Error(`${tensor.name} holds no 32-bit floats`);
  return tensor.data;
}

let resources = 0;

class NativeSlot implements Slot {
  readonly name: string;
  readonly shape: readonly number[];
  private readonly handles: Readonly<Record<'weight' | 'm' | 'v', number>>;
  private readonly element: OpAttribute;

  constructor(
    weight: NamedTensor,
    m: Float32Array,
    v: Float32Array,
    private readonly native: Native,
  ) {
    const { binding } = native;
    this.name = weight.name;
    this.shape = weight.shape;
    this.element = { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    this.handles = { weight: this.resource(floats(weight)), m: this.resource(m), v: this.resource(v) };
  }

  value(): tf.Tensor {
    return this.native.backend.createOutputTensor(this.readHandle(this.handles.weight));
  }

  update(gradient: tf.Tensor, rate: number, decay: number, powers: readonly [number, number]): void {
    const { binding, backend } = this.native;
    if (decay > 0) this.shrink(rate * decay);
    const scalars = [powers[0], powers[1], rate, beta1, beta2, epsilon].map((value) =>
      binding.createTensor([], binding.TF_FLOAT, new Float32Array([value])),
    );
    binding.executeOp(
      'ResourceApplyAdam',
      [
        { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        { name: 'use_locking', type: binding.TF_ATTR_BOOL, value: false },
        { name: 'use_nesterov', type: binding.TF_ATTR_BOOL, value: false },
      ],
      [
        this.handles.weight,
        this.handles.m,
        this.handles.v,
        ...scalars,
        ...backend.getInputTensorIds([gradient]),
      ],
      0,
    );
    for (const id of scalars) binding.deleteTensor(id);
  }

  copy(part: 'weight' | 'm' | 'v'): Float32Array {
    const tensor = this.native.backend.createOutputTensor(this.readHandle(this.handles[part]));
    const data = tensor.dataSync<'float32'>().slice();
    tensor.dispose();
    return data;
  }

  dispose(): void {
    const { binding } = this.native;
    for (const handle of Object.values(this.handles)) {
      binding.executeOp(
        'DestroyResourceOp',
        [{ name: 'ignore_lookup_error', type: binding.TF_ATTR_BOOL, value: true }],
        [handle],
        0,
      );
      binding.deleteTensor(handle);
    }
  }

  private shrink(amount: number): void {
    const { backend, binding } = this.native;
    const step = tf.tidy(() => {
      const value = this.value();
      return tf.mul(value, amount);
    });
    binding.executeOp(
      'AssignSubVariableOp',
      [this.element],
      [this.handles.weight, ...backend.getInputTensorIds([step])],
      0,
    );
    step.dispose();
  }

  private resource(data: Float32Array): number {
    const { binding } = this.native;
    const [variable] = binding.executeOp(
      'VarHandleOp',
      [
        { name: 'container', type: binding.TF_ATTR_STRING, value: '' },
        // Resources with one name are one resource, process-wide.
        { name: 'shared_name', type: binding.TF_ATTR_STRING, value: `infonce-${resources++}` },
        this.element,
        { name: 'shape', type: binding.TF_ATTR_SHAPE, value: this.shape },
      ],
      [],
      1,
    ) as [NativeOutput];
    const value = binding.createTensor(this.shape, binding.TF_FLOAT, data);
    binding.executeOp('AssignVariableOp', [this.element], [variable.id, value], 0);
    binding.deleteTensor(value);
    return variable.id;
  }

  private readHandle(handle: number): NativeOutput {
    const [output] = this.native.binding.executeOp('ReadVariableOp', [this.element], [handle], 1);
    return output as NativeOutput;
  }
}

/** The same update in plain tfjs ops, for the JavaScript backend. */
class PortableSlot implements Slot {
  readonly name: string;
  readonly shape: readonly number[];
  private weight: tf.Tensor;
  private m: tf.Tensor;
  private v: tf.Tensor;

  constructor(weight: NamedTensor, m: Float32Array, v: Float32Array) {
    this.name = weight.name;
    this.shape = weight.shape;
    const shape = [...weight.shape];
    [this.weight, this.m, this.v] = [
      tf.tensor(floats(weight), shape),
      tf.tensor(m, shape),
      tf.tensor(v, shape),
    ];
  }

  value(): tf.Tensor {
    return this.weight.clone();
  }

  update(gradient: tf.Tensor, rate: number, decay: number, powers: readonly [number, number]): void {
    const corrected = (rate * Math.sqrt(1 - powers[1])) / (1 - powers[0]);
    const [weight, m, v] = tf.tidy((): [tf.Tensor, tf.Tensor, tf.Tensor] => {
      const m = tf.add(tf.mul(this.m, beta1), tf.mul(gradient, 1 - beta1));
      const v = tf.add(tf.mul(this.v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const step = tf.div(tf.mul(m, corrected), tf.add(tf.sqrt(v), epsilon));
      return [tf.sub(tf.mul(this.weight, 1 - rate * decay), step), m, v];
    });
    this.dispose();
    [this.weight, this.m, this.v] = [weight, m, v];
  }

  copy(part: 'weight' | 'm' | 'v'): Float32Array {
    return this[part].dataSync<'float32'>().slice();
  }

  dispose(): void {
    tf.dispose([this.weight, this.m, this.v]);
  }
}
