// A new version of the app without building one: what the server hands out is changed on the
// way, just enough for the service worker to see a new version and for a story to tell which
// one runs.
import type { Page } from '@playwright/test';

const MARK = 'docket-release';

/** The files that differ in the next release, and how. */
export const nextRelease: Record<string, (text: string) => string> = {
  '/app/sw.js': (text) => text.replace(/(index\.html",revision:")[^"]+/, '$1next'),
  '/app/index.html': (text) => text.replace('<head>', `<head><meta name="${MARK}">`),
};

/** Whether the page shows the next release. */
export async function showsNextRelease(page: Page): Promise<boolean> {
  return (await page.locator(`meta[name=${MARK}]`).count()) > 0;
}
