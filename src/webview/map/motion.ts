const milliseconds = 350;

/** Points on their way from one layout to the next, in a buffer that is made once. */
export class Motion {
  /** Where the points are now, two numbers each. */
  readonly now: Float32Array<ArrayBuffer>;
  readonly #from: Float32Array;
  #start: number | undefined;
  #under: boolean;

  /** @param from where they come from; the target itself where they are not to move. */
  constructor(
    from: Float32Array,
    readonly to: Float32Array,
  ) {
    this.#from = from;
    this.#under = from !== to;
    this.now = Float32Array.from(from);
  }

  /** @param time of the frame, in milliseconds. Returns whether the points have moved. */
  advance(time: number): boolean {
    if (!this.#under) return false;
    this.#start ??= time;
    const share = Math.min(1, (time - this.#start) / milliseconds);
    this.#under = share < 1;
    const eased = share * share * (3 - 2 * share);
    const { now, to } = this;
    for (let i = 0; i < now.length; i++) {
      const from = this.#from[i] as number;
      now[i] = share === 1 ? (to[i] as number) : from + ((to[i] as number) - from) * eased;
    }
    return true;
  }

  get under(): boolean {
    return this.#under;
  }
}

export interface Layout {
  readonly xy: Float32Array;
  readonly row: Int32Array;
}

/** Where each point of `next` was in `before`; what is new appears in its place. */
export function startingPoints(before: Layout, next: Layout): Float32Array {
  const places = new Map<number, number>();
  before.row.forEach((row, i) => places.set(row, i));
  const from = next.xy.slice();
  next.row.forEach((row, i) => {
    const place = places.get(row);
    if (place !== undefined) from.set(before.xy.subarray(2 * place, 2 * place + 2), 2 * i);
  });
  return from;
}
