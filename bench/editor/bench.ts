import type { Figure } from './figure';
import type { Lab } from './lab';

export interface Circumstances {
  readonly lab: Lab;
  readonly repetitions: number;
  /** A folder of class images. */
  readonly images: string;
  /** A folder of data with many rows. */
  readonly pairs: string;
}

/** Measures one thing, told as one figure or more. */
export type Bench = (circumstances: Circumstances) => Promise<Figure[]>;
