// Makes the page's processes as slow as a cheap phone: each gets one part in `times` of every
// few milliseconds and is stopped in between. Chromium's own throttling reaches only the main
// thread, and this app's work is in a worker; this reaches every thread of the page.
import { Worker } from 'node:worker_threads';
import type { BrowserContext } from '@playwright/test';

const PERIOD_MS = 8;

/** Slows every page process of a browser down until the answer is called. */
export async function slowDown(context: BrowserContext, times: number): Promise<() => Promise<void>> {
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
