import type { Locator } from 'playwright-core';
import { until } from './wait';
import type { Window } from './window';

/** The steps from data to neighbours, as the editor shows them on its start page. */
export class Walkthrough {
  private constructor(private readonly window: Window) {}

  static async open(window: Window): Promise<Walkthrough> {
    await window.palette('Welcome: Open Walkthrough');
    await window.pick('Train your first embedding model');
    const walkthrough = new Walkthrough(window);
    await walkthrough.#step('data').waitFor();
    return walkthrough;
  }

  /** Turns to a step. @returns its picture, once that is on the screen */
  async pictureOf(step: string): Promise<string> {
    await this.#turnTo(step);
    const picture = this.window.page
      .locator('iframe.webview')
      .contentFrame()
      .locator('#active-frame')
      .contentFrame();
    return await until(`a picture of the step ${step}`, async () => {
      const svg = picture.locator('svg');
      const shown = (await svg.count()) === 1 && ((await svg.boundingBox())?.width ?? 0) > 100;
      return shown && (await svg.innerHTML());
    });
  }

  /** Presses the button of a step. */
  async press(step: string, button: string): Promise<void> {
    await this.#turnTo(step);
    await this.#step(step).getByRole('button', { name: button, exact: true }).click();
  }

  async isDone(step: string): Promise<boolean> {
    const box = this.window.page.locator(`[data-done-step-id$="#start#${step}"]`);
    return (await box.getAttribute('aria-checked')) === 'true';
  }

  async untilDone(step: string): Promise<void> {
    await until(`the end of the step ${step}`, async () => await this.isDone(step));
  }

  async #turnTo(step: string): Promise<void> {
    const row = this.#step(step);
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    await row.click();
    // The editor moves the focus to the step's button a moment later: a question that is open by then would be closed.
    await until(`the focus on the step ${step}`, async () => {
      return await row.evaluate(
        (element) => element.contains(document.activeElement) && element.ariaExpanded === 'true',
      );
    });
    await this.window.page.waitForTimeout(700);
  }

  #step(step: string): Locator {
    return this.window.page.locator(`[data-step-id$="#start#${step}"]`);
  }
}
