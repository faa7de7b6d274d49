import type { Dataset } from '../engine/data/dataset';
import { commandLine } from './invocation';
import { tell } from './output';
import { problemLine } from './words';

/** More kinds of findings than these are left to `infonce inspect`. */
const shownWarnings = 5;

/** What was found wrong with the data, on stderr. */
export function warnOf(dataset: Dataset, given: string): void {
  const warnings = dataset.problems.filter(({ severity }) => severity !== 'info');
  for (const problem of warnings.slice(0, shownWarnings))
    tell(`${problem.severity}: ${problemLine(problem)}`);
  if (warnings.length > shownWarnings) {
    tell(`${shownWarnings} of ${warnings.length} warnings shown; all: ${commandLine('inspect', given)}`);
  }
}
