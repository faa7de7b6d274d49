import type { Frame } from 'playwright-core';
import { frameOf, type Panel } from './panel';
import { until } from './wait';
import type { Window } from './window';

/** Where the focus is in the page of a panel. */
export interface Stop {
  /** What a screen reader would call it, about. */
  readonly name: string;
  /** Where the page gives one: `tab`, `combobox`, … */
  readonly role: string | undefined;
  /** Whether it looks other than without the focus. */
  readonly visible: boolean;
}

const most = 120;

/** Runs in the page: the element with the focus, and how it looks with it and without. */
function lookAtFocus(): Stop | undefined {
  const focused = document.activeElement;
  if (!document.hasFocus() || !(focused instanceof HTMLElement) || focused === document.body)
    return undefined;
  const parts = [focused, ...(focused.shadowRoot?.querySelectorAll('*') ?? [])];
  const look = (): string =>
    parts
      .map((part) => {
        const { outline, boxShadow, border, backgroundColor } = getComputedStyle(part);
        return [outline, boxShadow, border, backgroundColor].join();
      })
      .join(';');
  const inner = focused.shadowRoot?.activeElement;
  const labels = focused instanceof HTMLInputElement ? [...(focused.labels ?? [])] : [];
  const name = focused.ariaLabel ?? inner?.ariaLabel ?? labels[0]?.textContent ?? focused.textContent ?? '';
  const withFocus = look();
  focused.blur();
  const without = look();
  if (inner instanceof HTMLElement) inner.focus();
  else focused.focus();
  return {
    name: name.replaceAll(/\s+/g, ' ').trim(),
    role: focused.getAttribute('role') ?? undefined,
    visible: withFocus !== without,
  };
}

/** The hands of somebody without a mouse, in the page of a panel. */
export class Keyboard {
  private constructor(
    private readonly window: Window,
    private readonly frame: Frame,
  ) {}

  static async on(window: Window, panel: Panel): Promise<Keyboard> {
    return new Keyboard(window, await frameOf(panel.frame));
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.window.page.keyboard.press(key);
  }

  /** @returns undefined when the focus is not in the page */
  async stop(): Promise<Stop | undefined> {
    return await this.frame.evaluate(lookAtFocus);
  }

  /** Waits until the focus is on what is called so, its role first. */
  async untilOn(words: RegExp): Promise<void> {
    await until(`the focus on ${words}`, async () => words.test(wordsOf(await this.stop())), 5_000);
  }

  /** Presses Tab until the focus is on what is called so, its role first. @returns the stops on the way */
  async tabTo(words: RegExp, key = 'Tab'): Promise<Stop[]> {
    const passed: Stop[] = [];
    for (;;) {
      await this.press(key);
      const stop = await this.stop();
      if (stop !== undefined) passed.push(stop);
      if (words.test(wordsOf(stop))) return passed;
      if (passed.length > most) throw new Error(`${key} does not come to ${words}: ${namesOf(passed)}`);
    }
  }

  /** Presses Tab until the focus leaves the page. @returns the stops on the way */
  async tabOut(): Promise<Stop[]> {
    const passed: Stop[] = [];
    for (;;) {
      await this.press('Tab');
      const stop = await this.stop();
      if (stop === undefined) return passed;
      passed.push(stop);
      if (passed.length > most) throw new Error(`the focus does not leave the page: ${namesOf(passed)}`);
    }
  }
}

function wordsOf(stop: Stop | undefined): string {
  return [stop?.role, stop?.name].filter((word) => word !== undefined).join(' ');
}

function namesOf(stops: readonly Stop[]): string {
  return stops.map(wordsOf).join(' | ');
}
