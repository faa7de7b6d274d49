import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';

const pauseMs = 50;

/**
 * Waits until `look` finds something.
 * @param what for the message, where it never does
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  ms = 60_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false && found !== null) return found;
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s in vain for ${what}`);
    await sleep(pauseMs);
  }
}

/** Whether something is seen within the time. */
export async function appears(locator: Locator, ms: number): Promise<boolean> {
  return await locator.waitFor({ timeout: ms }).then(
    () => true,
    () => false,
  );
}
