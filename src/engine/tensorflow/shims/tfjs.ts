/**
 * Stands in for `@tensorflow/tfjs` in the bundle: tfjs-node's kernels use nothing of it but the core, and importing it
 * registers the gradients, as the whole package does. Layers, converter, data and WebGL stay out.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { KernelBackend as Base } from '@tensorflow/tfjs-core';

export * from '@tensorflow/tfjs-core';

/**
 * tfjs-node is compiled to ES5 and calls its base class as a function, which the class of tfjs-core's ES modules refuses.
 * This one may be called: it makes the object that the caller's constructor was asked for.
 */
export const KernelBackend: typeof Base = new Proxy(Base, {
  apply: (_, caller: object) => Reflect.construct(Base, [], caller.constructor) as Base,
});
