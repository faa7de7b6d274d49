import type { Native, OpAttribute } from './native';

/** The element type of an op: 32-bit floats. */
export function floatType(native: Native, name = 'T'): OpAttribute {
  return type(native, name, native.binding.TF_FLOAT);
}

export function type({ binding }: Native, name: string, value: number): OpAttribute {
  return { name, type: binding.TF_ATTR_TYPE, value };
}
