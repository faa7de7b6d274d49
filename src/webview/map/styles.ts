import { styleBytes } from './painter';
import type { Colours, Marker } from './palette';

export interface Look {
  readonly markers: ReadonlyMap<number, Marker>;
  readonly hidden: ReadonlySet<number>;
  readonly colours: Colours;
  /** Indices of points; all the others are faint. */
  readonly selected: readonly number[] | undefined;
}

/** Few points are large, many are small: 7.5 pixels at 200, 3.5 at 100,000. */
function diameterFor(points: number): number {
  return Math.min(8, Math.max(3.5, 11 - 1.5 * Math.log10(Math.max(points, 1))));
}

const opaque = 217;
const faint = 38;

/** How each point is drawn, `styleBytes` a point. Labels without a marker are grey. */
export function stylesOf(labels: Uint16Array, look: Look): Uint8Array<ArrayBuffer> {
  const { markers, hidden, colours, selected } = look;
  const styles = new Uint8Array(styleBytes * labels.length);
  const eighths = Math.round(8 * diameterFor(labels.length));
  const byLabel = new Map<number, readonly number[]>();
  const styleOf = (label: number): readonly number[] => {
    let style = byLabel.get(label);
    if (style === undefined) {
      const marker = markers.get(label);
      const colour = colours(marker === undefined ? '--series-7' : `--series-${marker.series}`);
      const opacity = hidden.has(label) ? 0 : selected === undefined ? opaque : faint;
      byLabel.set(label, (style = [...colour, opacity, eighths, marker?.ring === true ? 1 : 0]));
    }
    return style;
  };
  labels.forEach((label, i) => styles.set(styleOf(label), styleBytes * i));
  for (const i of selected ?? []) {
    if (styles[styleBytes * i + 3] === 0) continue;
    styles[styleBytes * i + 3] = 255;
    styles[styleBytes * i + 4] = Math.min(255, Math.round(1.3 * eighths));
  }
  return styles;
}
