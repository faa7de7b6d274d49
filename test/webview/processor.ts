import type { Page } from 'playwright-core';

/** Processor time that the page's main thread takes for something, milliseconds: other programs on the machine do not count. */
export async function processorTime(page: Page, work: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const before = await taken();
  await work();
  const after = await taken();
  await session.detach();
  return after - before;
}
