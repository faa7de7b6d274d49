import { random } from '../random';
import type { NamedTensor } from '../run/tensors';

/** A trained weight of an encoder and how it starts. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Normal numbers of this standard deviation, which may differ from row to row. */
  readonly deviation?: number | ((row: number) => number);
  /** Every number the same; without a deviation. */
  readonly constant?: number;
}

/** The weights before training. Row `r` of a weight depends on (seed, name, r) alone. */
export function initialWeights(specs: readonly WeightSpec[], seed: number): NamedTensor[] {
  return specs.map(({ name, shape, deviation, constant = 0 }) => {
    const [rows, ...rest] = shape as [number, ...number[]];
    const width = rest.reduce((a, b) => a * b, 1);
    const data = new Float32Array(rows * width).fill(constant);
    if (deviation === undefined) return { name, shape, data };
    for (let row = 0; row < rows; row++) {
      const source = random(seed, `initial/${name}`, 0, row);
      const sigma = typeof deviation === 'number' ? deviation : deviation(row);
      for (let i = row * width; i < (row + 1) * width; i++) data[i] = sigma * source.normal();
    }
    return { name, shape, data };
  });
}

/** He et al. 2015: keeps the variance of activations through ReLU layers. `fanIn`: inputs per output. */
export function heDeviation(fanIn: number): number {
  return Math.sqrt(2 / fanIn);
}

/** Keeps the variance through layers without ReLU behind them. */
export function linearDeviation(fanIn: number): number {
  return Math.sqrt(1 / fanIn);
}
