import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { PanelState } from '../../src/protocol/panel';
import type { Bench, ThemeName } from './browser';

export interface TabOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What the page remembers of an earlier time. */
  readonly state?: PanelState;
  /** Besides the theme's: `vscode-reduce-motion`, `vscode-using-screen-reader`. */
  readonly bodyClasses?: readonly string[];
}

/** The page in a real browser, and the way to it and from it; who speaks with it is another's business. */
export interface Tab {
  readonly page: Page;
  /** Reports of the content security policy, errors in the console, exceptions. A test ends without any. */
  readonly complaints: string[];
  onMessage(hear: (message: unknown) => void): void;
  /** Brings a message to the page, one after another, as the editor does. */
  carry(message: unknown): void;
  go(): Promise<void>;
  /** Settles when the page has drawn what it has taken in, what may wait for the picture included. */
  painted(): Promise<void>;
}

/** It is closed with the test, which fails where the page complained. */
export async function openTab({ browser, address }: Bench, options: TabOptions): Promise<Tab> {
  const { theme = 'dark', width = 1000, height = 800, state, bodyClasses = [] } = options;
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const complaints: string[] = [];
  let listener: ((message: unknown) => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();
  await page.exposeFunction('postToHost', (message: unknown) => listener?.(message));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // The toolkit adds a style element beside its constructed style sheets; without it nothing looks different.
    if (/Applying inline style violates/.test(message.text())) return;
    complaints.push(message.text());
  });
  if (state)
    await page.addInitScript((kept) => {
      if (sessionStorage.getItem('state') === null) sessionStorage.setItem('state', kept);
    }, JSON.stringify(state));
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  return {
    page,
    complaints,
    onMessage(hear) {
      listener = hear;
    },
    carry(message) {
      last = last
        .then(() =>
          page.evaluate((data) => {
            window.dispatchEvent(new MessageEvent('message', { data }));
          }, message as object),
        )
        // The page was closed meanwhile.
        .catch(() => undefined);
    },
    async go() {
      const query = new URLSearchParams({ theme, classes: bodyClasses.join(' ') });
      await page.goto(`${address}/?${query}`);
    },
    async painted() {
      await page.evaluate(
        () =>
          new Promise((done) =>
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))),
          ),
      );
      await page.waitForFunction(
        () =>
          document.querySelector(
            '[data-testid=loss-chart][aria-busy=true], infonce-data-tables[aria-busy=true]',
          ) === null,
      );
    },
  };
}
