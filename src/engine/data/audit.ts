import { auditItems } from './audit-items';
import { auditRows } from './audit-rows';
import type { ProblemLog } from './problems';
import type { Built } from './raw';

/**
 * What a look over the whole data set finds once its splits are decided: equal rows, leakage between splits, several
 * positives, classes with one example, texts without anything to read, columns that never change.
 *
 * @param files relative paths, as `RawRows.file` numbers them
 * @throws UserError `all-rows-equal` where nothing could be learnt
 */
export function audit(built: Built, files: readonly string[], log: ProblemLog): void {
  auditRows(built, files, log);
  auditItems(built, files, log);
}
