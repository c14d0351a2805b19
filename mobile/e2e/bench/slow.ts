// Makes a page as slow as a cheap phone, in one of two ways. Chromium's own throttling is what its
// developer tools call "4x slowdown"; it reaches the main thread alone, and much of this app's work
// is in a worker. The other way reaches every thread: the page's processes get one part in `times`
// of every few milliseconds and are stopped in between. A loop that only counts takes 4.06 times as
// long under four times, and hardly more or less in other periods (3.90 in 8 ms, 4.19 in 2 ms); a
// stop has to be short beside what is measured.
import { Worker } from 'node:worker_threads';
import type { BrowserContext, Page } from '@playwright/test';

export const slownesses = ['main thread', 'every thread'] as const;
export type Slowness = (typeof slownesses)[number];

const PERIOD_MS = 4;

/** Slows a page down until the answer is called. */
export async function slowDown(
  page: Page,
  times: number,
  slowness: Slowness,
): Promise<() => Promise<void>> {
  return slowness === 'main thread' ? throttled(page, times) : stopped(page.context(), times);
}

async function throttled(page: Page, rate: number): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  // A page that has been closed meanwhile is as fast as it will ever be.
  return () => session.detach().catch(() => {});
}

async function stopped(context: BrowserContext, times: number): Promise<() => Promise<void>> {
  const workerData = { processes: await pageProcesses(context), times, period_ms: PERIOD_MS };
  const thread = new Worker(new URL('./duty-cycle.mjs', import.meta.url), { workerData });
  return async () => {
    thread.postMessage('stop');
    await new Promise((done) => thread.once('exit', done));
  };
}

async function pageProcesses(context: BrowserContext): Promise<number[]> {
  const browser = context.browser();
  if (!browser) throw new Error('a context without a browser');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}
