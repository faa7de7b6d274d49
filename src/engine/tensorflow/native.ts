import { availableParallelism } from 'node:os';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import type { TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import { locateNative, type NativeLocation } from './locate';

export { locateNative, type NativeLocation } from './locate';

/** Attribute of a TensorFlow op: `type` is one of the binding's `TF_ATTR_…` constants. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | readonly number[] | string | readonly string[];
}

/** Runs any TensorFlow op by its name on tfjs tensors. */
export interface NativeBackend {
  executeSingleOutput(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
  /** Handles of tensors that tfjs holds; they stay tfjs's to delete. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  /** Gives a handle into tfjs's keeping. */
  createOutputTensor(output: NativeOutput): tf.Tensor;
}

/** A tensor of TensorFlow's own, outside tfjs: whoever has it deletes it. */
export interface NativeOutput {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The compiled add-on: its constants, ops on bare handles, and the count of tensors it holds. */
export interface NativeBinding
  extends Pick<
    TFJSBinding,
    | 'TF_Version'
    | 'TF_FLOAT'
    | 'TF_INT32'
    | 'TF_INT64'
    | 'TF_BOOL'
    | 'TF_STRING'
    | 'TF_RESOURCE'
    | 'TF_ATTR_STRING'
    | 'TF_ATTR_INT'
    | 'TF_ATTR_FLOAT'
    | 'TF_ATTR_BOOL'
    | 'TF_ATTR_TYPE'
    | 'TF_ATTR_SHAPE'
    | 'getNumOfTensors'
    | 'deleteTensor'
  > {
  createTensor(shape: readonly number[], type: number, values: Float32Array | Int32Array): number;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): NativeOutput[];
}

/** Both ways into native TensorFlow. */
export interface Native {
  readonly backend: NativeBackend;
  readonly binding: NativeBinding;
}

/** What computes in this process. */
export type BackendInfo =
  | {
      readonly name: 'tensorflow';
      /** TensorFlow's version. */
      readonly version: string;
      readonly threads: number;
    }
  | {
      /** About a hundred times slower: every surface must say so, with the reason and the remedy. */
      readonly name: 'javascript';
      /** tfjs's version. */
      readonly version: string;
      readonly threads: 1;
      readonly reason: string;
      readonly remedy: string;
    };

type FoundNative = Extract<NativeLocation, { status: 'found' }>;

let loading: Promise<BackendInfo> | undefined;
let native: Native | undefined;

/** Native TensorFlow, once `loadNative` has found it; undefined on the JavaScript backend. */
export function nativeHandles(): Native | undefined {
  return native;
}

/**
 * Loads native TensorFlow once per process and makes it tfjs's backend; where it cannot be had, tfjs's JavaScript backend
 * serves and the result says why. All of tfjs's gradients are registered either way.
 */
export function loadNative(): Promise<BackendInfo> {
  loading ??= load();
  return loading;
}

async function load(): Promise<BackendInfo> {
  // tfjs would otherwise advertise other backends on the console.
  tf.enableProdMode();
  await import('@tensorflow/tfjs-node/dist/register_all_kernels.js');
  const location = locateNative();
  if (location.status === 'missing') return await useJavaScript(location.reason, location.remedy);
  try {
    return await useTensorFlow(location);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return await useJavaScript(`native TensorFlow does not load: ${message}`, 'infonce doctor');
  }
}

async function useTensorFlow(location: FoundNative): Promise<BackendInfo> {
  supplyRemovedUtilities();
  // Read when the library is loaded: errors only.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  const binding = loadQuietly(location);
  const { NodeJSKernelBackend } = await import('@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js');
  const backend = new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node');
  tf.registerBackend('tensorflow', () => backend);
  if (!(await tf.setBackend('tensorflow'))) throw new Error('tfjs does not accept the backend');
  // tfjs-node's own types ask for mutable arrays, which it does not change, and hide the two members on handles.
  native = { backend, binding } as unknown as Native;
  return { name: 'tensorflow', version: binding.TF_Version, threads: threadCount() };
}

/** Loads the binding without the greeting that the library writes to stderr before it reads any setting. */
function loadQuietly(location: FoundNative): TFJSBinding {
  const stderr = loadAddon(location.stderr) as { mute(): void; unmute(): void };
  stderr.mute();
  try {
    return loadAddon(location.binding) as TFJSBinding;
  } finally {
    stderr.unmute();
  }
}

function loadAddon(path: string): unknown {
  const addon = { exports: {} };
  process.dlopen(addon, path);
  return addon.exports;
}

async function useJavaScript(reason: string, remedy: string): Promise<BackendInfo> {
  await import('@tensorflow/tfjs-backend-cpu');
  if (!(await tf.setBackend('cpu'))) throw new Error('the JavaScript backend does not start');
  return { name: 'javascript', version: tf.version_core, threads: 1, reason, remedy };
}

/** tfjs-node 4.22 calls two functions of `util` that Node 23 took away. */
function supplyRemovedUtilities(): void {
  const target = util as unknown as Record<string, unknown>;
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}

/** TensorFlow takes every core, unless TF_NUM_INTRAOP_THREADS says otherwise. */
function threadCount(): number {
  const wanted = Number(process.env.TF_NUM_INTRAOP_THREADS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}
