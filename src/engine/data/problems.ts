import type { Problem } from '../../protocol/dataset';
import type { Place } from '../../protocol/errors';

/**
 * Collects what the reading finds. The same finding in the same file is one entry with a count: the message and the line
 * are those of its first sight, so that a million bad rows are one line and not a million.
 */
export class ProblemLog {
  private readonly found = new Map<string, { problem: Problem; count: number }>();

  /** `message` is only asked for at the first sight of (code, file, key). */
  add(
    severity: Problem['severity'],
    code: string,
    message: string | (() => string),
    place: Place & { count?: number; key?: string } = {},
  ): void {
    const key = JSON.stringify([code, place.file ?? '', place.key ?? '']);
    const known = this.found.get(key);
    const count = place.count ?? 1;
    if (known !== undefined) {
      known.count += count;
      return;
    }
    const problem: Problem = {
      severity,
      code,
      message: typeof message === 'string' ? message : message(),
      ...(place.file === undefined ? {} : { file: place.file }),
      ...(place.line === undefined ? {} : { line: place.line }),
    };
    this.found.set(key, { problem, count });
  }

  /** Errors first, then warnings, then information; within each in the order of their first sight. */
  list(): Problem[] {
    return [...this.found.values()]
      .map(({ problem, count }): Problem => Object.assign({}, problem, { count }))
      .sort(bySeverity);
  }
}

const rank = { error: 0, warning: 1, info: 2 };

export function bySeverity(a: Problem, b: Problem): number {
  return rank[a.severity] - rank[b.severity];
}
