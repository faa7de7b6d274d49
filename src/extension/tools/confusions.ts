import { l10n } from 'vscode';
import { chooseRun, folderOf, positionIn } from './choose';
import { confusionsAnswer } from './items-answer';
import { plain } from './plain';
import { sourcesIn } from './sources';
import type { Tool } from './tool';

/** Pairs over which labels are counted: more would be less striking, and take longer to read. */
const countedAtMost = 1_000;

export const confusions: Tool<'infonce_confusions'> = {
  lists: ['pairs', 'labels'],

  prepare: ({ run }) => ({
    invocationMessage: plain(
      run === undefined
        ? l10n.t('Looking for what the newest run confuses')
        : l10n.t('Looking for what the run {0} confuses', run),
    ),
  }),

  async answer({ runs, explorers }, { run, kind, limit, step }, token) {
    const head = await chooseRun(runs, run);
    const answer = await explorers.ask(folderOf(runs, head), async (explorer) => {
      const at = await positionIn(explorer, step, token);
      return await explorer.ask('pairs', { kind, at, limit: countedAtMost }, token);
    });
    return confusionsAnswer(head.run, kind, limit, answer, sourcesIn(runs.datasetOf(head.run)));
  },
};
