const series = [1, 2, 3, 4, 5, 6] as const;

/** How the points of a label are drawn. */
export interface Marker {
  /** Which of the page's series colours, which are told apart with any colour vision. */
  readonly series: number;
  readonly ring: boolean;
}

/** Every colour once as a disc and once as a ring. */
export const markers: readonly Marker[] = [false, true].flatMap((ring) =>
  series.map((number) => ({ series: number, ring })),
);

/**
 * Gives the most frequent of the shown labels a marker each. Who has one keeps it, so that colours do not change while the
 * map moves; labels beyond the last marker are drawn as others.
 * @param byCount labels, the most frequent first.
 */
export function assignMarkers(
  before: ReadonlyMap<number, Marker>,
  byCount: readonly number[],
): Map<number, Marker> {
  const chosen = byCount.slice(0, markers.length);
  const assigned = new Map<number, Marker>();
  for (const label of chosen) {
    const marker = before.get(label);
    if (marker !== undefined) assigned.set(label, marker);
  }
  const taken = new Set(assigned.values());
  const free = markers.filter((marker) => !taken.has(marker));
  for (const label of chosen) {
    const marker = assigned.has(label) ? undefined : free.shift();
    if (marker !== undefined) assigned.set(label, marker);
  }
  return assigned;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** A property of the page's style, a colour, as red, green and blue from 0 to 255. */
export type Colours = (property: string) => Rgb;

/** Reads colours as the theme has them now. */
export function themeColours(): Colours {
  const style = getComputedStyle(document.body);
  const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  return (property) => {
    const grey: Rgb = [128, 128, 128];
    if (brush === null) return grey;
    brush.fillStyle = `rgb(${grey.join(' ')})`;
    brush.fillStyle = style.getPropertyValue(property);
    brush.clearRect(0, 0, 1, 1);
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
    return [red ?? 128, green ?? 128, blue ?? 128];
  };
}
