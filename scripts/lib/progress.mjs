/** Between two lines when nobody watches a terminal, ms. */
const quietInterval = 5_000;

/**
 * How far one piece of work is, in whatever way it is told.
 * @typedef {object} Progress
 * @property {(bytes: number) => void} update bytes done so far
 * @property {() => void} done
 * @property {() => void} abandon after a failure
 */
/** @typedef {(label: string, total: number) => Progress} Report begins a piece of work; total in bytes */

/**
 * Tells how far a download or an extraction is: one line rewritten on a terminal, a line every few seconds elsewhere.
 * @param {string} label
 * @param {number} total bytes
 * @param {{ isTTY?: boolean, write(text: string): unknown }} [out]
 * @returns {Progress}
 */
export function progress(label, total, out = process.stderr) {
  let shownAt = Date.now();
  let shown = -1;
  /** @param {number} bytes */
  const text = (bytes) =>
    `${label}: ${(bytes / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB (${Math.floor((100 * bytes) / total)} %)`;
  return {
    update(bytes) {
      if (bytes === shown) return;
      if (out.isTTY) out.write(`\r${text(bytes)}\u001B[K`);
      else if (Date.now() - shownAt >= quietInterval) out.write(`${text(bytes)}\n`);
      else return;
      shown = bytes;
      shownAt = Date.now();
    },
    /** Leaves the last line standing. */
    done() {
      if (out.isTTY) out.write(`\r${text(total)}\u001B[K\n`);
      else if (shown !== total) out.write(`${text(total)}\n`);
    },
    /** After a failure, so that the message starts on its own line. */
    abandon() {
      if (out.isTTY && shown >= 0) out.write('\n');
    },
  };
}
