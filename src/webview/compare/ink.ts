import type { Curve } from '../charts/figure';

const inks = 8;
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [14, 5]];

/** How the n-th run is drawn: eight colours, then the same with other strokes; forty looks in all. */
export function lookOf(index: number): { readonly ink: number; readonly dash: readonly number[] } {
  return {
    ink: (index % inks) + 1,
    dash: dashes[Math.floor(index / inks) % dashes.length] as readonly number[],
  };
}

/** The same as a curve. */
export function curveOf(index: number, label: string): Curve {
  const { ink, dash } = lookOf(index);
  return { label, ink: `--series-${ink}`, ...(dash.length > 0 && { dash }) };
}
