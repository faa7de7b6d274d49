import { l10n, ProgressLocation, window } from 'vscode';
import type { LibraryOutcome, LibraryProgramOptions } from './library-program';

/** The download and the extraction. */
const pieces = 2;

/** Shows a fetch of the library as a notification that can be cancelled. */
export function withFetchProgress(
  work: (onFact: LibraryProgramOptions['onFact'], signal: AbortSignal) => Promise<LibraryOutcome>,
): Thenable<LibraryOutcome> {
  const options = {
    location: ProgressLocation.Notification,
    title: l10n.t('Native TensorFlow'),
    cancellable: true,
  };
  return window.withProgress(options, (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const labels: string[] = [];
    let shown = 0;
    return work((fact) => {
      if (fact.fact === 'waiting') {
        progress.report({ message: l10n.t('another window is setting it up; waiting for it') });
        return;
      }
      const { label, done, total } = fact;
      if (labels.at(-1) !== label) labels.push(label);
      const percent = (100 * (labels.length - 1 + done / total)) / pieces;
      progress.report({
        message: l10n.t('{0}, {1} of {2} MB', label, Math.round(done / 1e6), Math.round(total / 1e6)),
        increment: Math.max(0, percent - shown),
      });
      shown = Math.max(shown, percent);
    }, abort.signal);
  });
}
