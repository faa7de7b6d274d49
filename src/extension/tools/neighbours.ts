import { l10n } from 'vscode';
import { chooseRun, folderOf, positionIn } from './choose';
import { neighboursAnswer } from './items-answer';
import { plain } from './plain';
import { queryOf } from './query';
import { sourcesIn } from './sources';
import type { Tool } from './tool';

export const neighbours: Tool<'infonce_neighbours'> = {
  lists: ['neighbours'],

  prepare: ({ run }) => ({
    invocationMessage: plain(
      run === undefined
        ? l10n.t('Looking up neighbours in the newest run')
        : l10n.t('Looking up neighbours in the run {0}', run),
    ),
  }),

  async answer({ runs, explorers }, input, token) {
    const { run, k, label, split, step } = input;
    const head = await chooseRun(runs, run);
    const answer = await explorers.ask(folderOf(runs, head), async (explorer) => {
      const query = await queryOf(input, explorer, token);
      const at = await positionIn(explorer, step, token);
      const filters = { ...(label !== undefined && { label }), ...(split !== undefined && { split }) };
      return await explorer.ask('neighbours', { query, k, at, ...filters }, token);
    });
    return neighboursAnswer(head.run, answer, sourcesIn(runs.datasetOf(head.run)));
  },
};
