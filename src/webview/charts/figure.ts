import type uPlot from 'uplot';
import type { Range } from './decimate';

/** One line of a chart. */
export interface Curve {
  readonly label: string;
  /** CSS variable of its colour: `--series-1`. */
  readonly ink: string;
  readonly width?: number;
  /** Lengths of strokes and gaps, pixels. */
  readonly dash?: readonly number[];
  /** Diameter of the points, pixels; none without. */
  readonly points?: number;
  readonly hidden?: boolean;
}

/** A horizontal line that says what a value means. */
export interface Level {
  readonly value: number;
  readonly label: string;
  readonly dash: readonly number[];
}

/** One value of `cursor.count` that the keyboard reaches. */
export interface CursorAt {
  /** Where the line stands; absent while nobody points. */
  readonly x?: number;
  readonly index: number;
  readonly count: number;
  /** What is to be read there. */
  readonly text: string;
}

/** A chart of curves over one axis, as its owner describes it. */
export interface Figure {
  /** Its name for those who do not see it. */
  readonly label: string;
  /** CSS pixels. */
  readonly height: number;
  readonly curves: readonly Curve[];
  /** Column of x, then one for each curve; asked again when `version`, range or width change. */
  readonly data: (range: Range, pixels: number) => uPlot.AlignedData;
  /** Changes with the data. */
  readonly version: string;
  readonly range: Range;
  readonly formatX: (x: number) => string;
  /** Whether there is nothing between two whole numbers on the x axis. */
  readonly wholeX?: boolean;
  readonly formatY: (y: number) => string;
  readonly logScale?: boolean;
  readonly levels?: readonly Level[];
  /** The evaluation that the slider stands at, on the x axis. */
  readonly marker?: number | undefined;
  readonly cursor: CursorAt;
  readonly onCursor: (x: number | undefined) => void;
  /** A range that was dragged; undefined: all of it again. */
  readonly onZoom: (range: Range | undefined) => void;
  /** The keyboard moves the cursor to one of `cursor.count`. */
  readonly onMove: (index: number) => void;
}
