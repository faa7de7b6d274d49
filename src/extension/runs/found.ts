import type { InspectReport, Problem } from '../../protocol/dataset';
import type { RunHead } from '../../protocol/panel';

/** What was found in a dataset when it was last read. */
export interface Found {
  readonly problems: readonly Problem[];
  /** The same object as long as the same is found. */
  readonly source: InspectReport | RunHead['failure'] | undefined;
  /** When the run that read it began, in ms; absent where nothing has begun. */
  readonly readAt?: number;
}

/** A failure that names a place in the data is one of its problems. That of a refused run is in its report. */
function failures({ state, failure, report }: RunHead): Problem[] {
  if (state !== 'failed' || failure?.file === undefined || report?.ready === false) return [];
  return [{ severity: 'error', ...failure }];
}

/** Whether it has yet to read the data, or to read it again. */
function isUnread({ state, record, report, failure }: RunHead): boolean {
  return state === 'queued' || (record === undefined && report === undefined && failure === undefined);
}

/**
 * What is known of each dataset, by its path: what the newest run on it found, one that was refused included. A run that
 * has read nothing yet changes nothing.
 * @param heads the newest first
 */
export function foundInDatasets(heads: readonly RunHead[]): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const head of heads) {
    const { dataset, report, failure, record } = head;
    if (dataset.path === '' || found.has(dataset.path) || isUnread(head)) continue;
    const failed = failures(head);
    found.set(dataset.path, {
      problems: [...(report?.problems ?? []), ...failed],
      source: failed.length > 0 ? failure : report,
      ...(record && { readAt: Date.parse(record.createdAt) }),
    });
  }
  return found;
}
