import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RunFeed } from '../../src/extension/panel/feed';
import { runsWith } from '../extension/panel-support';
import { useBrowser } from './browser';
import { type HostedPage, openHosted } from './hosted';
import { useRuns } from './trained';

const bench = useBrowser();
const runs = useRuns();

async function open(): Promise<HostedPage> {
  const { folder } = runs().cold;
  const feed = new RunFeed(path.basename(folder), runsWith(folder, { state: 'running', elsewhere: false }));
  await feed.poll();
  const opened = await openHosted(bench(), feed);
  await opened.page.getByTestId('run-state').getByText('Running', { exact: true }).waitFor();
  return opened;
}

test('a host that ended is noticed within seconds, and heard again', async () => {
  const opened = await open();
  const { page } = opened;
  const notice = page.getByTestId('silence');
  opened.leave(true);
  const left = performance.now();
  await notice.waitFor();
  const took = performance.now() - left;
  expect(took).toBeGreaterThan(2_500);
  expect(took).toBeLessThan(9_000);
  expect(await notice.innerText()).toContain('Reload Window');
  expect(await notice.getAttribute('role')).toBe('alert');
  expect(await page.getByTestId('run-state').innerText()).toBe('Running, when last heard of');
  opened.leave(false);
  await notice.waitFor({ state: 'detached' });
  expect(await page.getByTestId('run-state').innerText()).toBe('Running');
});

test('a host that is busy for a second is no alarm, and one that has nothing to tell is asked seldom', async () => {
  const opened = await open();
  // All has been told.
  await sleep(1_000);
  const before = opened.sizes.length;
  const alarmed = opened.page.getByTestId('silence').waitFor({ timeout: 8_000 });
  for (let i = 0; i < 3; i++) {
    opened.leave(true);
    await sleep(1_000);
    opened.leave(false);
    await sleep(1_500);
  }
  await expect(alarmed).rejects.toThrow(/Timeout/);
  expect(opened.sizes.length - before).toBeLessThanOrEqual(8);
  expect(Math.max(...opened.sizes.slice(before))).toBeLessThan(200);
});
