import type { Page } from 'playwright-core';
import {
  type PanelChecks,
  type PanelFacts,
  type PanelRequests,
  type PanelSnapshot,
  type PanelWishes,
  panelProtocol,
} from '../../src/protocol/panel';
import { type Channel, connect } from '../../src/rpc/channel';
import { type Conversation, typed } from '../../src/rpc/typed';
import 'vscode-jsonrpc/node';
import type { Bench } from './browser';
import type { Recorded } from './recorded';
import { openTab, type Tab, type TabOptions } from './tab';

export { type Bench, type ThemeName, themes, useBrowser } from './browser';
export { type Recorded, readRun, trainRun, upTo } from './recorded';

export type Answers = {
  [K in keyof PanelRequests]?: (
    params: PanelRequests[K]['params'],
  ) => PanelRequests[K]['result'] | Promise<PanelRequests[K]['result']>;
};

export interface OpenOptions extends TabOptions {
  /** What is shown; nothing: the host stays silent. */
  readonly runs?: readonly Recorded[];
  readonly mode?: PanelSnapshot['mode'];
  readonly others?: PanelSnapshot['others'];
  readonly answers?: Answers;
}

export type Wish = {
  [K in keyof PanelWishes]: { readonly name: K; readonly params: PanelWishes[K] };
}[keyof PanelWishes];

const wishNames: Record<keyof PanelWishes, true> = {
  ready: true,
  reveal: true,
  revealProblem: true,
  stop: true,
  resume: true,
  again: true,
  compareConfigs: true,
  setUpNative: true,
  showLog: true,
};

/** A page in a real browser with a host of the tests behind it, which speaks the panel's protocol. */
export class OpenPage {
  readonly wishes: Wish[] = [];
  readonly page: Page;
  readonly complaints: string[];
  /** The page has asked for all that it is to show, and was told. */
  readonly ready: Promise<void>;
  readonly #tab: Tab;
  readonly #host: Conversation<PanelChecks, PanelFacts, PanelRequests, PanelWishes>;
  #options: OpenOptions;

  constructor(tab: Tab, channel: Channel, options: OpenOptions) {
    this.#tab = tab;
    this.page = tab.page;
    this.complaints = tab.complaints;
    this.#options = options;
    this.#host = typed(connect(channel));
    this.ready = new Promise((begun) => {
      for (const name of Object.keys(wishNames) as (keyof PanelWishes)[]) {
        this.#host.hear(name, (params) => {
          this.wishes.push({ name, params } as Wish);
          if (name !== 'ready') return;
          this.#tellAll();
          begun();
        });
      }
    });
    for (const [name, answer] of Object.entries(options.answers ?? {})) {
      this.#host.answer(name as keyof PanelRequests, async (params) =>
        (answer as (of: unknown) => Promise<never>)(params),
      );
    }
  }

  tell<K extends keyof PanelFacts>(name: K, fact: PanelFacts[K]): void {
    this.#host.notify(name, fact);
  }

  /** Settles when the page has taken in all that it was told, and has drawn it, what may wait for the picture included. */
  async settled(): Promise<void> {
    await this.#host.request('alive', {});
    await this.#tab.painted();
  }

  /** Replaces all that is shown, as after a reload. */
  async show(runs: readonly Recorded[]): Promise<void> {
    this.#options = { ...this.#options, runs };
    this.#tellAll();
    await this.settled();
  }

  /** The last wish of that name. */
  wish<K extends keyof PanelWishes>(name: K): PanelWishes[K] | undefined {
    return this.wishes.findLast((wish) => wish.name === name)?.params as PanelWishes[K] | undefined;
  }

  #tellAll(): void {
    const { runs, mode = 'run', others = [] } = this.#options;
    if (runs === undefined) return;
    this.tell('snapshot', {
      protocol: panelProtocol,
      mode,
      runs: runs.map(({ head }) => head),
      folders: runs.map(({ folder }) => folder),
      others,
      evaluations: runs.map(({ head: { run }, evaluations }) => ({ run, evaluations })),
      findings: runs.map(({ head: { run }, findings }) => ({ run, findings })),
    });
    for (const { steps } of runs) if (steps.step.length > 0) this.tell('steps', steps);
  }
}

/** Opens the page; it is closed with the test, which fails where the page complained. */
export async function openPage(bench: Bench, options: OpenOptions = {}): Promise<OpenPage> {
  const tab = await openTab(bench, options);
  const channel: Channel = {
    post: (message) => tab.carry(message),
    onMessage: (hear) => tab.onMessage(hear),
    onClose: () => undefined,
  };
  const opened = new OpenPage(tab, channel, options);
  await tab.go();
  // What it is told on its `ready` comes before the question whether it has taken all in.
  await opened.ready;
  await opened.settled();
  return opened;
}
