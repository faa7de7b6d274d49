import { jsonLine } from '../engine/run/json';

/** A line for the user, on stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One JSON object on a line of stdout; non-finite numbers are spelled out. */
export function printJson(value: unknown): void {
  process.stdout.write(`${jsonLine(value)}\n`);
}

/** A line beside the results (what is going on, warnings), on stderr. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The width of the terminal; where there is none, or it does not tell, that of a page. */
export function pageWidth(stream: NodeJS.WriteStream): number {
  return stream.isTTY && stream.columns > 0 ? Math.max(40, stream.columns) : 120;
}
