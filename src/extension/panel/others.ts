import type { PanelSnapshot, RunHead } from '../../protocol/panel';
import { tabName } from '../runs/beginning';

/** The completed runs whose neighbours can be compared with those of the runs shown: the items have to be the same. */
export function othersOf(shown: readonly RunHead[], all: readonly RunHead[]): PanelSnapshot['others'] {
  const ids = new Set(shown.map(({ run }) => run));
  const datasets = new Set(shown.map(({ dataset }) => dataset.path));
  return all
    .filter(({ run, state, dataset }) => state === 'completed' && datasets.has(dataset.path) && !ids.has(run))
    .map((head) => ({ run: head.run, name: tabName(head) }));
}
