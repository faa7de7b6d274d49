import axe, { type AxeResults } from 'axe-core';
import { expect } from 'vitest';
import type { OpenPage } from './support';

/** Fails where axe-core finds something that keeps people out: serious and critical findings, of the whole page. */
export async function expectNoBarriers({ page }: OpenPage): Promise<void> {
  // Through the debugger: the page's own policy lets no such script in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    async () => await (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  const barriers = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
    );
  expect(barriers).toEqual([]);
}
