import path from 'node:path';
import { type Disposable, l10n, Uri, type Webview, window } from 'vscode';
import { UserError } from '../../protocol/errors';
import type { PanelFacts, PanelRequests } from '../../protocol/panel';
import { showFailure } from '../ask';
import { openFolders } from '../places';
import type { PanelContext, RunRef } from '../types';
import type { ConfigDocuments } from './configs';
import { Explorer } from './explorer';
import type { RunFeed } from './feed';
import { Images, imageExtensions } from './images';
import { shownRoot } from './places';
import type { Answering } from './questions';
import { saveNeighbours } from './save';
import { startExplorer } from './start-explorer';
import type { Fulfilling } from './wishes';

export interface ServicesOptions {
  readonly context: PanelContext;
  readonly feeds: readonly RunFeed[];
  readonly webview: Webview;
  readonly configs: ConfigDocuments;
  readonly open: (run: RunRef) => Promise<void>;
  readonly onBusy: (fact: PanelFacts['busy']) => void;
}

/** What a panel's page may have done: only about the runs that the panel shows, and only inside their datasets. */
export class Services implements Answering, Fulfilling, Disposable {
  readonly #options: ServicesOptions;
  /** By run folder. */
  readonly #explorers = new Map<string, Explorer>();

  constructor(options: ServicesOptions) {
    this.#options = options;
  }

  explorerOf(run: string): Explorer {
    const { folder } = this.#feedOf(run);
    if (folder === undefined) {
      throw new UserError('no-run-yet', 'There is nothing to look into yet: the run has not begun.');
    }
    let explorer = this.#explorers.get(folder);
    if (explorer === undefined) {
      explorer = new Explorer({
        run: folder,
        fork: () => startExplorer(this.#options.context),
        onProgress: (fact) => this.#options.onBusy(fact),
      });
      this.#explorers.set(folder, explorer);
    }
    return explorer;
  }

  imagesOf(run: string): Images {
    const { webview } = this.#options;
    return new Images(this.#shownRoot(run), (file) => webview.asWebviewUri(Uri.file(file)).toString());
  }

  rootOf(run: string): string {
    const root = this.#shownRoot(run);
    if (root !== undefined) return root;
    const dataset = this.#options.context.runs.datasetOf(run);
    throw new UserError(
      'dataset-outside',
      dataset === undefined
        ? l10n.t('It is not known where the data of this run lies.')
        : l10n.t(
            'The data of this run lies outside the workspace ({0}): open its folder to see its files.',
            dataset,
          ),
    );
  }

  folderOf(run: string): string {
    const folder = this.#options.context.runs.folderOf(run);
    if (folder === undefined) {
      throw new UserError('no-run', `Run ${run} is no longer there: choose another to compare with.`);
    }
    return folder;
  }

  async pickImage(run: string): Promise<string | undefined> {
    const root = this.#shownRoot(run);
    const chosen = await window.showOpenDialog({
      title: l10n.t('Look Up an Image'),
      openLabel: l10n.t('Look Up'),
      ...(root !== undefined && { defaultUri: Uri.file(root) }),
      filters: { [l10n.t('Images')]: imageExtensions },
    });
    return chosen?.[0]?.fsPath;
  }

  async saveNeighbours(params: PanelRequests['saveNeighbours']['params']): Promise<{ saved: boolean }> {
    const [feed] = this.#options.feeds;
    // Beside the dataset: what lies in it would be read by the next run.
    const root = feed && this.#shownRoot(feed.head.run);
    return await saveNeighbours(params, root && path.dirname(root));
  }

  async open(run: RunRef): Promise<void> {
    await this.#options.open(run);
  }

  async compareConfigs(left: string, right: string): Promise<void> {
    await this.#options.configs.compare(this.#feedOf(left).head, this.#feedOf(right).head);
  }

  async onFailure(error: unknown): Promise<void> {
    await showFailure(error, this.#options.context.log);
  }

  onFault(error: unknown): void {
    this.#options.context.log.error(error instanceof Error ? error : String(error));
  }

  dispose(): void {
    for (const explorer of this.#explorers.values()) explorer.dispose();
    this.#explorers.clear();
  }

  #shownRoot(run: string): string | undefined {
    this.#feedOf(run);
    const { runs } = this.#options.context;
    const dataset = runs.datasetOf(run);
    return dataset && shownRoot(dataset, runs.folderOf(run), openFolders());
  }

  #feedOf(run: string): RunFeed {
    const feed = this.#options.feeds.find(({ head }) => head.run === run);
    if (feed === undefined) throw new UserError('not-shown', `This panel does not show run ${run}.`);
    return feed;
  }
}
