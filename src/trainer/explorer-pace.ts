/** Time between two facts about progress, milliseconds. */
const pace = 100;

/** Passes progress on at most ten times a second; the first and the last always. */
export function paced(tell: (done: number, total: number) => void): (done: number, total: number) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    const now = performance.now();
    if (done < total && now - last < pace) return;
    last = now;
    tell(done, total);
  };
}
