import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import {
  type PanelChecks,
  type PanelFacts,
  type PanelRequests,
  type PanelSnapshot,
  type PanelState,
  type PanelWishes,
  panelProtocol,
} from '../../src/protocol/panel';
import { type Channel, connect } from '../../src/rpc/channel';
import { type Conversation, typed } from '../../src/rpc/typed';
import 'vscode-jsonrpc/node';
import type { Bench, ThemeName } from './browser';
import type { Recorded } from './recorded';

export { type Bench, type ThemeName, themes, useBrowser } from './browser';
export { type Recorded, readRun, trainRun, upTo } from './recorded';

export type Answers = {
  [K in keyof PanelRequests]?: (
    params: PanelRequests[K]['params'],
  ) => PanelRequests[K]['result'] | Promise<PanelRequests[K]['result']>;
};

export interface OpenOptions {
  /** What is shown; nothing: the host stays silent. */
  readonly runs?: readonly Recorded[];
  readonly mode?: PanelSnapshot['mode'];
  readonly others?: PanelSnapshot['others'];
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What the page remembers of an earlier time. */
  readonly state?: PanelState;
  /** Besides the theme's: `vscode-reduce-motion`, `vscode-using-screen-reader`. */
  readonly bodyClasses?: readonly string[];
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
  /** Reports of the content security policy, errors in the console, exceptions. A test ends without any. */
  readonly complaints: string[] = [];
  readonly #host: Conversation<PanelChecks, PanelFacts, PanelRequests, PanelWishes>;
  #options: OpenOptions;

  constructor(
    readonly page: Page,
    channel: Channel,
    options: OpenOptions,
  ) {
    this.#options = options;
    this.#host = typed(connect(channel));
    for (const name of Object.keys(wishNames) as (keyof PanelWishes)[]) {
      this.#host.hear(name, (params) => {
        this.wishes.push({ name, params } as Wish);
        if (name === 'ready') this.#tellAll();
      });
    }
    for (const [name, answer] of Object.entries(options.answers ?? {})) {
      this.#host.answer(name as keyof PanelRequests, async (params) =>
        (answer as (of: unknown) => Promise<never>)(params),
      );
    }
  }

  tell<K extends keyof PanelFacts>(name: K, fact: PanelFacts[K]): void {
    this.#host.notify(name, fact);
  }

  /** Settles when the page has taken in all that it was told, and has drawn it. */
  async settled(): Promise<void> {
    await this.#host.request('alive', {});
    await this.page.evaluate(
      () =>
        new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))),
    );
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
export async function openPage({ browser, address }: Bench, options: OpenOptions = {}): Promise<OpenPage> {
  const { theme = 'dark', width = 1000, height = 800, state, bodyClasses = [] } = options;
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  let listener: ((message: unknown) => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const channel: Channel = {
    // One after another, as the editor does.
    post(message) {
      last = last
        .then(() =>
          page.evaluate((data) => {
            window.dispatchEvent(new MessageEvent('message', { data }));
          }, message as object),
        )
        // The page was closed meanwhile.
        .catch(() => undefined);
    },
    onMessage(hear) {
      listener = hear;
    },
    onClose: () => undefined,
  };
  const opened = new OpenPage(page, channel, options);
  await page.exposeFunction('postToHost', (message: unknown) => listener?.(message));
  page.on('pageerror', (error) => opened.complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // The toolkit adds a style element beside its constructed style sheets; without it nothing looks different.
    if (/Applying inline style violates/.test(message.text())) return;
    opened.complaints.push(message.text());
  });
  if (state)
    await page.addInitScript((kept) => {
      if (sessionStorage.getItem('state') === null) sessionStorage.setItem('state', kept);
    }, JSON.stringify(state));
  onTestFinished(async () => {
    await context.close();
    expect(opened.complaints).toEqual([]);
  });
  const query = new URLSearchParams({ theme, classes: bodyClasses.join(' ') });
  await page.goto(`${address}/?${query}`);
  await opened.settled();
  return opened;
}
