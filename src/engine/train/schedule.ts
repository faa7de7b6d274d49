import type { RunConfig } from '../../protocol/run';

/**
 * Learning rate of a step (1-based): a linear climb over the first `warmup` share of the steps, then half a cosine down
 * to `finalLearningRate` of the peak.
 */
export function learningRateAt(step: number, steps: number, config: RunConfig): number {
  const warm = Math.max(1, Math.round(config.warmup * steps));
  if (step <= warm) return (config.learningRate * step) / warm;
  const done = (step - warm) / Math.max(1, steps - warm);
  const { finalLearningRate } = config;
  return (
    config.learningRate * (finalLearningRate + ((1 - finalLearningRate) * (1 + Math.cos(Math.PI * done))) / 2)
  );
}
