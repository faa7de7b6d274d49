import * as tf from '@tensorflow/tfjs-core';
import type { RunConfig } from '../../protocol/run';
import { affine } from '../tensorflow/ops';
import type { ViewSource } from './encoder';

export type Augmentation = RunConfig['image']['augment'];

/**
 * One random view of each image: a single rotation, shift, change of scale and mirroring about the centre in one
 * bilinear resampling, then noise. images: [n, side, side, channels] in 0..1; beyond the border the edge pixel repeats.
 */
export function randomViews(images: tf.Tensor4D, augmentation: Augmentation, view: ViewSource): tf.Tensor4D {
  const [count, side] = images.shape;
  const { rotate, shift, scale, mirror, noise } = augmentation;
  const centre = (side - 1) / 2;
  const transforms = new Float32Array(count * 8);
  const grain = noise > 0 ? new Float32Array(images.size) : undefined;
  for (let i = 0; i < count; i++) {
    const source = view(i);
    const symmetric = (): number => 2 * source.next() - 1;
    const angle = rotate * symmetric();
    const zoom = 1 / (1 + scale * symmetric());
    const moved = [side * shift * symmetric(), side * shift * symmetric()] as const;
    const flip = mirror && source.next() < 0.5 ? -1 : 1;
    const [cos, sin] = [zoom * Math.cos(angle), zoom * Math.sin(angle)];
    // Output pixel (x, y) is read at (a x + b y + c, d x + e y + f).
    const [a, b, d, e] = [flip * cos, flip * sin, -sin, cos];
    transforms.set(
      [a, b, centre - (a + b) * centre - moved[0], d, e, centre - (d + e) * centre - moved[1], 0, 0],
      i * 8,
    );
    if (grain) {
      const size = images.size / count;
      for (let p = i * size; p < (i + 1) * size; p++) grain[p] = noise * source.normal();
    }
  }
  return tf.tidy(() => {
    const moved = affine(images, tf.tensor2d(transforms, [count, 8]));
    return grain ? tf.add(moved, tf.tensor4d(grain, images.shape)) : moved;
  });
}
