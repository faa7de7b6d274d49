import { commands, type Disposable, EventEmitter, l10n, Uri, workspace } from 'vscode';
import { UserError } from '../../protocol/errors';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import type { Runs } from '../types';

const scheme = 'infonce-config';

function addressOf({ run, name }: RunHead): Uri {
  return Uri.from({ scheme, path: `/${name.replaceAll('/', '-')}.json`, query: run });
}

/** Shows the configurations of runs as documents, for the editor's own comparison. */
export class ConfigDocuments implements Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly #owned: Disposable[];

  constructor(private readonly runs: Runs) {
    const provider = {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: ({ query }: Uri) => this.#text(query),
    };
    this.#owned = [
      workspace.registerTextDocumentContentProvider(scheme, provider),
      runs.onDidChange((ids) => {
        for (const { uri } of workspace.textDocuments) {
          if (uri.scheme === scheme && ids.includes(uri.query)) this.#changed.fire(uri);
        }
      }),
      this.#changed,
    ];
  }

  /** @throws UserError where one of the runs has no configuration yet. */
  async compare(left: RunHead, right: RunHead): Promise<void> {
    for (const { name, record } of [left, right]) {
      if (record !== undefined) continue;
      throw new UserError(
        'no-config',
        `"${name}" has no configuration yet: it is written when the run begins`,
      );
    }
    const title = l10n.t('Configuration: {0} ↔ {1}', shownName(left), shownName(right));
    await commands.executeCommand('vscode.diff', addressOf(left), addressOf(right), title);
  }

  dispose(): void {
    for (const owned of this.#owned) owned.dispose();
  }

  #text(run: string): string {
    const record = this.runs.get(run)?.record;
    if (record === undefined) return '';
    const { config, dataset } = record;
    return `${JSON.stringify({ dataset, config }, undefined, 2)}\n`;
  }
}
