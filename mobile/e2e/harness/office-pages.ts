// Every page that the office opens, as addresses: those of the menu, and of things of each kind.
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

const PAGES = [
  ...['/', '/?clock=over', '/?stage=archived', '/?query=printer', '/jobs/new', '/held', '/notices'],
  ...['/records', '/records?group=category', '/statistics', '/follow-ups', '/backups', '/fleet'],
  ...['/assets', '/dossiers', '/articles', '/levels', '/duty', '/hand-in', '/people', '/audit'],
  ...['/password', '/verify'],
];
/** Where there are things, with what opens one of them. */
const THINGS = [
  { list: '/?stage=on_site', link: 'a[href^="/jobs/0"]', edit: '?edit=intake' },
  { list: '/?stage=signed', link: 'a[href^="/jobs/0"]', edit: '' },
  { list: '/dossiers', link: 'a[href^="/dossiers/0"]', edit: '?edit=about' },
  { list: '/articles', link: 'a[href^="/articles/0"]', edit: '' },
];

/** All of them, for somebody who sees everything. */
export async function officePages(page: Page): Promise<string[]> {
  const things: string[] = [];
  for (const { list, link, edit } of THINGS) {
    await page.goto(list);
    const address = await page.locator(link).first().getAttribute('href');
    expect(address, `something stands on ${list}`).not.toBeNull();
    things.push(address ?? '', ...(edit ? [`${address}${edit}`] : []));
  }
  return [...PAGES, ...things];
}
