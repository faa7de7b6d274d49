/**
 * Stands in for `@tensorflow/tfjs` in the bundle: tfjs-node's kernels use nothing of it but the core, and importing it
 * registers the gradients, as the whole package does. Layers, converter, data and WebGL stay out.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';

export * from '@tensorflow/tfjs-core';
