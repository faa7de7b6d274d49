/**
 * Random numbers as a pure function of (seed, purpose, epoch, index): there is no generator state to save, nothing to
 * forget on resume, and any worker can recompute any batch (design rule 1).
 */
export interface Random {
  /** Uniform in [0, 1) with 32 random bits. */
  next(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
}

/** 32-bit finaliser of MurmurHash3 (Appleby, public domain): every input bit changes every output bit. */
function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** FNV-1a over the UTF-16 code units, finished by `mix`. */
function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** A stream for one use: `random(seed, 'shuffle', epoch)`, `random(seed, 'augment', epoch, row)`, … */
export function random(seed: number, purpose: string, epoch = 0, index = 0): Random {
  // sfc32 (Chris Doty-Humphrey, PractRand): small, fast, passes PractRand; keyed by the four coordinates.
  let a = mix(seed ^ 0x9e3779b9);
  let b = hashText(purpose);
  let c = mix(epoch ^ 0x85ebca77);
  let d = mix(index ^ 0xc2b2ae3d);
  let spare: number | undefined;
  const bits = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  const next = (): number => bits() / 4294967296;
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    normal: () => {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** Fisher-Yates, in place. */
export function shuffle<T extends Int32Array | number[]>(values: T, source: Random): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = source.below(i + 1);
    const kept = values[i] as number;
    values[i] = values[j] as number;
    values[j] = kept;
  }
  return values;
}
