import { l10n, MarkdownString } from 'vscode';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import { metricNames } from '../../protocol/run';
import { shownPath } from '../places';
import type { Curve } from './curve';
import { describeRun, figure, integer } from './words';

/** What a run is, in a few lines. Names, paths and messages are the user's data: they go in as text. */
export function tooltipOf(head: RunHead, curve: Curve | undefined): MarkdownString {
  const text = new MarkdownString();
  const line = (label: string, value: string): void => {
    text.appendText(`${label}: ${value}`).appendMarkdown('\n\n');
  };
  text.appendMarkdown('**').appendText(shownName(head)).appendMarkdown('**\n\n');
  text.appendText(describeRun(head, curve)).appendMarkdown('\n\n');
  line(l10n.t('Run'), head.run);
  if (head.dataset.path !== '') line(l10n.t('Data'), shownPath(head.dataset.path));
  const { record } = head;
  if (record !== undefined) {
    const { config, metrics } = record;
    line(l10n.t('Begun'), new Date(record.createdAt).toLocaleString());
    const { objective, epochs, batchSize, temperature, seed } = config;
    line(
      l10n.t('Settings'),
      l10n.t(
        '{0}, {1} epochs, batches of {2}, temperature {3}, seed {4}',
        objective,
        epochs,
        batchSize,
        temperature,
        seed,
      ),
    );
    line(l10n.t('Parameters'), integer(record.parameters));
    line(l10n.t('Computed with'), `${record.environment.backend} ${record.environment.tensorflow}`);
    if (metrics !== undefined) {
      const shown = metricNames.flatMap((name) =>
        metrics[name] === undefined ? [] : [`${name} ${figure(metrics[name])}`],
      );
      line(l10n.t('On {0}', metrics.split), shown.join(', '));
    }
  }
  if (head.failure !== undefined) line(l10n.t('What went wrong'), head.failure.message);
  return text;
}
