import { l10n } from 'vscode';
import { RunFeed } from '../panel/feed';
import { shownPath } from '../places';
import { chooseRun } from './choose';
import { metricsAnswer } from './metrics-answer';
import { plain } from './plain';
import { sourcesIn } from './sources';
import type { Tool } from './tool';

export const runMetrics: Tool<'infonce_run_metrics'> = {
  lists: ['chosenByTheData', 'problems', 'evaluations'],

  prepare: ({ run }) => ({
    invocationMessage: plain(
      run === undefined ? l10n.t('Reading the newest run') : l10n.t('Reading the run {0}', run),
    ),
  }),

  async answer({ runs }, { run, evaluations }) {
    // What a panel would show of it now.
    const feed = new RunFeed((await chooseRun(runs, run)).run, runs);
    await feed.poll();
    const { head, findings } = feed;
    const facts = { head, findings, steps: feed.steps.slice(), evaluations: feed.evaluations };
    return metricsAnswer(facts, evaluations, shownPath, sourcesIn(runs.datasetOf(head.run)));
  },
};
