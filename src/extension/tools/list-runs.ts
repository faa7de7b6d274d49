import { l10n } from 'vscode';
import { shownPath } from '../places';
import { runRow } from './runs-answer';
import type { Tool } from './tool';

export const listRuns: Tool<'infonce_list_runs'> = {
  lists: ['runs'],

  prepare: () => ({ invocationMessage: l10n.t('Listing runs') }),

  async answer({ runs }, { dataset, limit }) {
    await runs.find();
    // Nobody tells of the steps of other processes.
    const elsewhere = runs.list().filter(({ state, elsewhere }) => state === 'running' && elsewhere);
    await Promise.all(
      elsewhere.map(async ({ run }) => {
        const folder = runs.folderOf(run);
        // One that was deleted meanwhile is then not in the list.
        if (folder !== undefined) await runs.add(folder).catch(() => undefined);
      }),
    );
    const wanted = dataset?.toLowerCase() ?? '';
    const heads = runs.list().filter((head) => shownPath(head.dataset.path).toLowerCase().includes(wanted));
    return {
      found: heads.length,
      runs: heads.slice(0, limit).map((head) => runRow(head, runs.curveOf(head.run), shownPath)),
    };
  },
};
