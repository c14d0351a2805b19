// What a phone downloads before the app works without coverage, packed as it is served.
import type { Page } from '@playwright/test';

/** Bytes of everything the service worker keeps, and of itself. */
export async function downloadBytes(page: Page, url: string): Promise<number> {
  const worker = await (await page.request.get(`${url}/app/sw.js`)).text();
  const files = [...worker.matchAll(/url:"([^"]+)"/g)].map(([, file]) => `/app/${file}`);
  if (!files.some((file) => file.endsWith('.wasm'))) throw new Error('the core is not among them');
  let bytes = 0;
  for (const file of ['/app/sw.js', ...files]) bytes += await bytesOnTheWay(page, file);
  return bytes;
}

/** What a file's body weighs on its way, as the browser itself asks for it. */
async function bytesOnTheWay(page: Page, file: string): Promise<number> {
  return page.evaluate(async (name) => {
    await (await fetch(name, { cache: 'reload' })).arrayBuffer();
    const entry = performance.getEntriesByName(new URL(name, location.href).href).at(-1);
    return (entry as PerformanceResourceTiming).encodedBodySize;
  }, file);
}
