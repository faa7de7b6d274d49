import { type Disposable, env, l10n, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import { UserError } from '../../protocol/errors';
import { openFolders } from '../places';
import type { OpenOptions, PanelContext, Panels as PanelsOfWindow, RunRef } from '../types';
import { ConfigDocuments } from './configs';
import type { Panel } from './panel';

const viewType = 'infonce.panel';

/** All panels of the window. What a panel needs is loaded with the first: the extension starts without it. */
export class Panels implements PanelsOfWindow {
  readonly #context: PanelContext;
  readonly #panels = new Set<Panel>();
  readonly #configs: ConfigDocuments;
  readonly #owned: Disposable[];

  constructor(context: PanelContext) {
    this.#context = context;
    this.#configs = new ConfigDocuments(context.runs);
    this.#owned = [
      this.#configs,
      window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel, state) => this.#restore(panel, state),
      }),
    ];
  }

  get active(): RunRef | undefined {
    return [...this.#panels].find((panel) => panel.active)?.ref;
  }

  async open(run: RunRef, { beside = false, view, query }: OpenOptions = {}): Promise<void> {
    const panel = await this.#show('run', [run], beside);
    const shown = view ?? (query && 'neighbours');
    if (shown !== undefined) await panel.show(shown, query);
  }

  async openCompare(runs: readonly RunRef[]): Promise<void> {
    await this.#show('compare', runs, false);
  }

  dispose(): void {
    for (const panel of this.#panels) panel.dispose();
    for (const owned of this.#owned) owned.dispose();
  }

  async #show(mode: Panel['mode'], runs: readonly RunRef[], beside: boolean): Promise<Panel> {
    const ids = await Promise.all(runs.map(async (run) => await this.#idOf(run)));
    const make = await this.#maker();
    const open = [...this.#panels].find((panel) => panel.mode === mode && isSame(panel.runs, ids));
    if (open !== undefined) {
      open.reveal();
      return open;
    }
    const column = beside ? ViewColumn.Beside : ViewColumn.Active;
    const panel = window.createWebviewPanel(viewType, '', column, { enableFindWidget: true });
    return make(panel, mode, ids);
  }

  /** The present id of a run. @throws UserError where there is no such run. */
  async #idOf({ id, path }: RunRef): Promise<string> {
    const { runs } = this.#context;
    const head = runs.get(id);
    if (head !== undefined) return head.run;
    if (path !== undefined) return (await runs.add(path)).id;
    throw new UserError('no-run', l10n.t('Run {0} is no longer there.', id));
  }

  async #maker(): Promise<(panel: WebviewPanel, mode: Panel['mode'], runs: readonly string[]) => Panel> {
    const [{ Panel }, { shownRoot }] = await Promise.all([import('./panel'), import('./places')]);
    const context = this.#context;
    return (webview, mode, runs) => {
      const roots = runs.flatMap((run) => {
        const dataset = context.runs.datasetOf(run);
        return (dataset && shownRoot(dataset, context.runs.folderOf(run), openFolders())) ?? [];
      });
      webview.webview.options = {
        enableScripts: true,
        localResourceRoots: [this.#dist, ...new Set(roots)].map((root) =>
          typeof root === 'string' ? Uri.file(root) : root,
        ),
      };
      webview.iconPath = Uri.joinPath(context.extension.extensionUri, 'media', 'icon.svg');
      const open = (run: RunRef): Promise<void> => this.open(run);
      const panel = new Panel(webview, { context, mode, runs, configs: this.#configs, open });
      this.#panels.add(panel);
      webview.onDidDispose(() => this.#panels.delete(panel));
      return panel;
    };
  }

  get #dist(): Uri {
    return Uri.joinPath(this.#context.extension.extensionUri, 'dist');
  }

  /** Shows again, after a restart of the window, what the page was showing. */
  async #restore(panel: WebviewPanel, state: unknown): Promise<void> {
    if (!workspace.isTrusted) {
      await this.#say(panel, l10n.t('Runs are shown once you trust this workspace.'));
      const granted = workspace.onDidGrantWorkspaceTrust(() => {
        this.#restore(panel, state).catch((error: unknown) => this.#context.log.error(error as Error));
      });
      panel.onDidDispose(() => granted.dispose());
      return;
    }
    const { stateSchema } = await import('./schemas');
    const places = stateSchema.safeParse(state).data?.folders ?? [];
    const runs: string[] = [];
    const missing: string[] = [];
    for (const place of places) {
      try {
        runs.push((await this.#context.runs.reopen(place)).id);
      } catch (error) {
        missing.push(error instanceof Error ? error.message : String(error));
      }
    }
    for (const reason of missing) this.#context.log.warn(`panel: ${reason}`);
    if (runs.length > 0) (await this.#maker())(panel, places.length > 1 ? 'compare' : 'run', runs);
    else await this.#say(panel, l10n.t('What this panel showed is no longer there.'), ...missing);
  }

  async #say(panel: WebviewPanel, ...sentences: readonly string[]): Promise<void> {
    const { plainHtml } = await import('./page');
    const { webview } = panel;
    webview.options = { localResourceRoots: [this.#dist] };
    webview.html = plainHtml(
      {
        cspSource: webview.cspSource,
        style: webview.asWebviewUri(Uri.joinPath(this.#dist, 'webview.css')).toString(),
        language: env.language,
        title: panel.title,
      },
      sentences,
    );
  }
}

function isSame(ids: readonly string[], others: readonly string[]): boolean {
  return ids.length === others.length && ids.every((id) => others.includes(id));
}
