import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadNative, locateNative, type Native, nativeHandles } from '../../src/engine/tensorflow/native';

const native = locateNative().status === 'found';

describe.skipIf(!native)('native TensorFlow', () => {
  it('computes a product on the native backend', async () => {
    const info = await loadNative();
    expect(info).toMatchObject({ name: 'tensorflow', version: '2.21.0' });
    expect(tf.getBackend()).toBe('tensorflow');
    const product = tf.tidy(() =>
      tf.matMul(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.tensor2d([[5], [6]]),
      ),
    );
    expect([...(await product.data())]).toEqual([17, 39]);
    product.dispose();
  });

  it('loads once', async () => {
    expect(await loadNative()).toBe(await loadNative());
  });

  it('runs any TensorFlow op by its name', async () => {
    const info = await loadNative();
    if (info.name !== 'tensorflow') throw new Error(info.reason);
    const { backend, binding } = nativeHandles() as Native;
    const input = tf.tensor1d([4, 4, 7], 'int32');
    const [values, positions] = backend.executeMultipleOutputs(
      'Unique',
      [
        { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
        { name: 'out_idx', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
      ],
      [input],
      2,
    );
    expect([...(values?.dataSync() ?? [])]).toEqual([4, 7]);
    expect([...(positions?.dataSync() ?? [])]).toEqual([0, 0, 1]);
    tf.dispose([input, values, positions] as tf.Tensor[]);
  });

  it("has tfjs's gradients", async () => {
    await loadNative();
    const slope = tf.tidy(() => tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([3, -1])));
    expect([...(await slope.data())]).toEqual([6, -2]);
    slope.dispose();
  });
});
