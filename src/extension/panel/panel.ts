import { type Disposable, env, l10n, Uri, type WebviewPanel } from 'vscode';
import type { Query } from '../../protocol/explore';
import type { PanelSnapshot, ViewName } from '../../protocol/panel';
import { tabName } from '../runs/beginning';
import type { PanelContext, RunRef } from '../types';
import type { ConfigDocuments } from './configs';
import { RunFeed } from './feed';
import { othersOf } from './others';
import { factsPerSecond } from './outbox';
import { pageHtml } from './page';
import { answerQuestions } from './questions';
import { Services } from './services';
import { beginsSession, methodOf, Session } from './session';
import { fulfilWishes } from './wishes';

/** How often the folder of a run is looked at that may change at any moment, and of another. */
const liveMs = 1_000 / factsPerSecond;
const restMs = 2_000;

export interface PanelOptions {
  readonly context: PanelContext;
  readonly mode: PanelSnapshot['mode'];
  /** Ids. */
  readonly runs: readonly string[];
  readonly configs: ConfigDocuments;
  readonly open: (run: RunRef) => Promise<void>;
}

/** A panel in the editor. Its page lives while it is seen; the rest until it is closed. */
export class Panel implements Disposable {
  readonly #options: PanelOptions;
  readonly #panel: WebviewPanel;
  readonly #feeds: readonly RunFeed[];
  readonly #services: Services;
  readonly #owned: Disposable[];
  #session: Session | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shown: { readonly view: ViewName; readonly query?: Query } | undefined;
  #closed = false;

  constructor(panel: WebviewPanel, options: PanelOptions) {
    const { context, runs, configs, open } = options;
    const { webview } = panel;
    const feeds = runs.map((id) => new RunFeed(id, context.runs));
    this.#options = options;
    this.#panel = panel;
    this.#feeds = feeds;
    this.#services = new Services({
      context,
      feeds,
      webview,
      configs,
      open,
      onBusy: (fact) => this.#session?.aside('busy', fact),
    });
    this.#owned = [
      this.#services,
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      // A hidden page is gone; shown again it says `ready`.
      panel.onDidChangeViewState(() => panel.visible || this.#endSession()),
      panel.onDidDispose(() => this.dispose()),
      context.runs.onDidChange(() => this.#refresh()),
    ];
    panel.title = this.#title();
    webview.html = pageHtml({
      cspSource: webview.cspSource,
      script: this.#address('webview.js'),
      style: this.#address('webview.css'),
      language: env.language,
      title: panel.title,
    });
    // The run is read while the page loads.
    for (const feed of feeds) feed.poll().catch((error: unknown) => this.#services.onFault(error));
  }

  get active(): boolean {
    return this.#panel.active;
  }

  get mode(): PanelSnapshot['mode'] {
    return this.#options.mode;
  }

  /** The ids of the runs that it shows. */
  get runs(): readonly string[] {
    return this.#feeds.map(({ head }) => head.run);
  }

  /** For the panel of one run. */
  get ref(): RunRef | undefined {
    const [feed] = this.#feeds;
    if (this.mode !== 'run' || feed === undefined) return undefined;
    return { id: feed.head.run, ...(feed.folder !== undefined && { path: feed.folder }) };
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Turns the page to a view, as soon as there is a page. */
  async show(view: ViewName, query?: Query): Promise<void> {
    this.#shown = { view, ...(query && { query }) };
    await this.#tellShown();
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endSession();
    for (const owned of this.#owned) owned.dispose();
    this.#panel.dispose();
  }

  #receive(message: unknown): void {
    this.#options.context.log.debug(`panel: the page says ${methodOf(message)}`);
    if (beginsSession(message)) this.#beginSession();
    this.#session?.receive(message);
  }

  #beginSession(): void {
    this.#endSession();
    const { webview } = this.#panel;
    const session = new Session({
      feeds: this.#feeds,
      surroundings: () => this.#surroundings(),
      // oxlint-disable-next-line require-post-message-target-origin -- a webview is no window and has no origin
      send: (batch) => webview.postMessage(batch),
      onLost: () => this.#endSession(),
    });
    this.#session = session;
    answerQuestions(session.page, this.#services);
    fulfilWishes(session.page, this.#options.context, this.#services);
    this.#look();
    this.#tellShown().catch((error: unknown) => this.#services.onFault(error));
  }

  #endSession(): void {
    clearTimeout(this.#timer);
    if (this.#session === undefined) return;
    const { messages, bytes, perSecond, largest } = this.#session.traffic;
    this.#options.context.log.trace(
      `panel: ${messages} messages to the page, ${bytes} bytes, at most ${perSecond} a second and ${largest} bytes each`,
    );
    this.#session.dispose();
    this.#session = undefined;
  }

  #surroundings(): Pick<PanelSnapshot, 'mode' | 'others' | 'words'> {
    const others = othersOf(
      this.#feeds.map(({ head }) => head),
      this.#options.context.runs.list(),
    );
    return { mode: this.mode, others, ...(l10n.bundle && { words: l10n.bundle }) };
  }

  /** Looks at all run folders, tells the page, and does so again while there is a page. */
  #look(): void {
    const session = this.#session;
    const look = async (): Promise<void> => {
      const changed = await Promise.all(this.#feeds.map(async (feed) => await feed.poll()));
      if (session === this.#session && changed.includes(true)) this.#changed();
    };
    const again = (): void => {
      // Somebody else looks on for the next page.
      if (session === undefined || session !== this.#session) return;
      const live = this.#feeds.some((feed) => feed.live);
      this.#timer = setTimeout(() => this.#look(), live ? liveMs : restMs);
    };
    clearTimeout(this.#timer);
    look()
      .catch((error: unknown) => this.#services.onFault(error))
      .then(again, again);
  }

  /** The list of runs has changed. */
  #refresh(): void {
    const before = this.#feeds.some((feed) => feed.live);
    for (const feed of this.#feeds) feed.refresh();
    if (this.mode === 'run' && this.#feeds.every((feed) => feed.vanished)) {
      this.dispose();
      return;
    }
    this.#changed();
    if (!before && this.#feeds.some((feed) => feed.live)) this.#look();
  }

  #changed(): void {
    const title = this.#title();
    if (title !== this.#panel.title) this.#panel.title = title;
    this.#session?.wake();
  }

  #title(): string {
    const names = this.#feeds.map(({ head }) => tabName(head));
    if (this.mode === 'run') return names.join();
    return names.length > 2
      ? l10n.t('Compare {0} Runs', names.length)
      : l10n.t('Compare {0}', names.join(' ↔ '));
  }

  async #tellShown(): Promise<void> {
    const session = this.#session;
    const [run] = this.runs;
    if (session === undefined || run === undefined || this.#shown === undefined) return;
    const show = this.#shown;
    this.#shown = undefined;
    const file = show.query && 'image' in show.query ? show.query.image : undefined;
    const image = file === undefined ? undefined : await this.#services.imagesOf(run).chosen(file);
    session.aside('show', { ...show, ...(image !== undefined && { image }) });
  }

  #address(name: string): string {
    const file = Uri.joinPath(this.#options.context.extension.extensionUri, 'dist', name);
    return this.#panel.webview.asWebviewUri(file).toString();
  }
}
