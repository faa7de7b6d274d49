import { random } from '../random';
import type { NamedTensor } from '../run/tensors';

/** Independent normal numbers with the given standard deviation; row `r` depends on (seed, name, r) alone. */
export function normalTensor(
  name: string,
  shape: readonly number[],
  deviation: number | ((row: number) => number),
  seed: number,
): NamedTensor {
  const [rows, ...rest] = shape as [number, ...number[]];
  const width = rest.reduce((a, b) => a * b, 1);
  const data = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const source = random(seed, `initial/${name}`, 0, row);
    const sigma = typeof deviation === 'number' ? deviation : deviation(row);
    for (let i = row * width; i < (row + 1) * width; i++) data[i] = sigma * source.normal();
  }
  return { name, shape, data };
}

export function constantTensor(name: string, shape: readonly number[], value: number): NamedTensor {
  return { name, shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) };
}

/** He et al. 2015: keeps the variance of activations through ReLU layers. `fanIn`: inputs per output. */
export function heDeviation(fanIn: number): number {
  return Math.sqrt(2 / fanIn);
}

/** Glorot-like, for layers without ReLU behind them. */
export function linearDeviation(fanIn: number): number {
  return Math.sqrt(1 / fanIn);
}
