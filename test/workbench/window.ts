import type { FrameLocator, Locator, Page } from 'playwright-core';
import { Panel } from './panel';
import { appears, until } from './wait';

const category = 'InfoNCE Lab';

/** The workbench in a browser page, as far as a user of the extension handles it. */
export class Window {
  constructor(
    readonly page: Page,
    readonly address: string,
  ) {
    page.setDefaultTimeout(60_000);
  }

  /** Opens the workbench, or opens it again as a reload of the browser page does. */
  async load(): Promise<void> {
    await this.page.goto(this.address);
    // Its menus and commands are known from when its icon is there.
    await this.#activityIcon.waitFor({ timeout: 60_000 });
  }

  /** A row of the Explorer; folders above it are opened. */
  async file(...path: readonly string[]): Promise<Locator> {
    for (const [depth, name] of path.entries()) {
      const row = this.#explorer(name);
      await row.waitFor();
      const closed = (await row.getAttribute('aria-expanded')) === 'false';
      if (depth < path.length - 1 && closed) await row.click();
    }
    return this.#explorer(path.at(-1) ?? '');
  }

  /** Right-clicks a file or folder and chooses from its menu, submenus first. */
  async fromContextMenu(path: readonly string[], ...titles: readonly string[]): Promise<void> {
    const row = await this.file(...path);
    await this.fromMenu(() => row.click({ button: 'right' }), ...titles);
  }

  /** Opens a menu and chooses from it, submenus first. */
  async fromMenu(open: () => Promise<void>, ...titles: readonly string[]): Promise<void> {
    // A menu that opened before the extension was known does not learn of it.
    await until(`${titles[0]} in a menu`, async () => {
      // Where no menu is open, the key would undo a selection.
      if ((await this.page.locator('.monaco-menu').count()) > 0) await this.page.keyboard.press('Escape');
      await open();
      return await appears(this.#menuEntry(titles[0] ?? ''), 1_000);
    });
    for (const [depth, title] of titles.entries()) {
      const entry = this.#menuEntry(title);
      await entry.waitFor();
      if (depth < titles.length - 1) await entry.hover();
      else {
        // A click right after the menu has opened is taken for the end of the one that opened it.
        await this.page.waitForTimeout(500);
        await entry.click();
      }
    }
  }

  /** Runs a command of the extension from the palette. */
  async command(title: string): Promise<void> {
    await this.palette(`${category}: ${title}`);
  }

  async palette(title: string): Promise<void> {
    // What opens meanwhile may take the focus, and with it the palette.
    await until(`${title} to be chosen`, async () => {
      const row = await this.#offered(title);
      return await row.click({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    });
  }

  /** Waits until the palette offers a command. @returns its entry */
  async untilOffered(title: string): Promise<string> {
    const entry = await (await this.#offered(title)).innerText();
    await this.page.keyboard.press('Escape');
    return entry;
  }

  async #offered(title: string): Promise<Locator> {
    const row = this.quickPicks.filter({ hasText: title }).first();
    // Like a menu, it shows what was known when it was opened.
    await until(`${title} in the palette`, async () => {
      return (await this.#openPalette(title)) && (await appears(row, 1_000));
    });
    return row;
  }

  /** The titles that the palette offers for what was typed. */
  async paletteOffers(text: string): Promise<string[]> {
    await until('the palette', async () => await this.#openPalette(text));
    await this.quickPicks.first().waitFor();
    const titles = await this.quickPicks.locator('.quick-input-list-label, .label-name').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles;
  }

  get quickPicks(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-list .monaco-list-row');
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** Chooses the row of an open Quick Pick that has the text. */
  async pick(text: string | RegExp): Promise<void> {
    await this.quickPicks.filter({ hasText: text }).first().click();
  }

  /** Ticks the row of an open Quick Pick of several that has the text. */
  async tick(text: string | RegExp): Promise<void> {
    await this.quickPicks
      .filter({ hasText: text })
      .first()
      .locator('.monaco-checkbox, input')
      .first()
      .click();
  }

  /** Ends an open Quick Pick of several with what is ticked. */
  async acceptTicked(): Promise<void> {
    await this.quickInput.getByRole('button', { name: 'OK' }).click();
  }

  /** Answers the dialogue that asks for a folder or file: with the one that it offers, or with another. */
  async acceptPath(other?: string): Promise<void> {
    await until('the dialogue for a path', async () => (await this.#input.inputValue()).startsWith('/'));
    if (other !== undefined) {
      // While it reads a folder, the dialogue writes into its field itself.
      await until(`${other} in the dialogue`, async () => {
        await this.#input.fill(other);
        await this.page.waitForTimeout(500);
        return (await this.#input.inputValue()) === other;
      });
    }
    await this.page.locator('.quick-input-widget .quick-input-action .monaco-button').first().click();
  }

  /** Opens a text file and marks a line of it that is in sight. */
  async markLine(line: number, ...path: readonly string[]): Promise<void> {
    await (await this.file(...path)).dblclick();
    await this.tabs.filter({ hasText: path.at(-1) ?? '' }).waitFor();
    const start = { x: 20, y: 8 };
    await this.page
      .locator('.editor-instance .view-line')
      .nth(line - 1)
      .click({ clickCount: 3, position: start });
  }

  /** Answers an open input box. */
  async type(text: string): Promise<void> {
    await this.#input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  /** Presses a button of a notification. */
  async answer(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).getByRole('button', { name: button }).click();
  }

  /** Presses a button of the modal dialogue. */
  async confirm(button: string): Promise<void> {
    await this.page.locator('.monaco-dialog-box').getByRole('button', { name: button }).click();
  }

  get status(): Locator {
    return this.page.locator('[id="infonce-lab.infonce-lab.infonce.training"]');
  }

  /** Turns to the extension's side bar. */
  async showRuns(): Promise<void> {
    if (!(await this.#activityIcon.getAttribute('class'))?.includes('checked'))
      await this.#activityIcon.click();
    await this.page.locator('.pane-body').first().waitFor();
  }

  /** The rows of the runs tree, the newest first. */
  get runs(): Locator {
    return this.page.locator('.split-view-view .monaco-list[aria-label*="Runs"] .monaco-list-row');
  }

  get welcome(): Locator {
    return this.page.locator('.welcome-view-content');
  }

  /** Titles of the open editors. */
  get tabs(): Locator {
    return this.page.locator('.tabs-container .tab');
  }

  /** The panel of one run that is seen. */
  async panel(): Promise<Panel> {
    return new Panel(await this.frameWith('run-state'));
  }

  /** The page of a panel that is seen and has the element. */
  async frameWith(testId: string): Promise<FrameLocator> {
    return await until(`${testId} in the page of a panel`, async () => {
      const outer = this.page.locator('iframe.webview.ready:visible');
      for (let index = 0; index < (await outer.count()); index++) {
        const inner = outer.nth(index).contentFrame().frameLocator('#active-frame');
        if ((await inner.getByTestId(testId).count()) > 0) return inner;
      }
      return undefined;
    });
  }

  /** Opens the palette anew. A key that is pressed in the page of a panel takes its time to get to the workbench. */
  async #openPalette(text: string): Promise<boolean> {
    if (await this.quickInput.isVisible()) {
      await this.page.keyboard.press('Escape');
      await this.quickInput.waitFor({ state: 'hidden' });
    }
    await this.page.keyboard.press('F1');
    if (!(await appears(this.#input, 2_000))) return false;
    // It may have closed in between.
    return await this.#input.fill(`>${text}`, { timeout: 2_000 }).then(
      () => true,
      () => false,
    );
  }

  #menuEntry(title: string): Locator {
    return this.page.locator('.monaco-menu .action-item', { hasText: title }).first();
  }

  get #activityIcon(): Locator {
    return this.page.locator('.activitybar .action-item', {
      has: this.page.locator(`[aria-label^="${category}"]`),
    });
  }

  get #input(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-box input');
  }

  #explorer(name: string): Locator {
    return this.page.locator(`.explorer-folders-view .monaco-list-row[aria-label="${name}"]`);
  }
}
