import type { InspectReport } from '../../protocol/dataset';
import type { RunRecord } from '../../protocol/run';

/**
 * The pre-flight of a run, as far as its record keeps it: what it warned of, whoever trained it. Undefined where that was
 * nothing. Columns and examples are not kept.
 */
export function reportOf({
  dataset: { layout, splits },
  problems = [],
}: Pick<RunRecord, 'dataset' | 'problems'>): InspectReport | undefined {
  if (problems.length === 0) return undefined;
  return { layout, ready: true, splits, columns: {}, problems, examples: [] };
}
