// What people write is text wherever it is shown: words that would be a script in a careless page
// stand in every field of a job, a customer, an article, a phone's name and a photo's, and on no
// page of the console does any of them run.
import type { Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../harness/server';
import { expect, test } from '../harness/story';

/** Each would say `ran(...)` if it ran. */
const WORDS = [
  '<script>ran(1)</script>',
  '<img src=x onerror=ran(2)>',
  '"><svg onload=ran(3)>',
  "'><iframe srcdoc='<script>parent.ran(4)</script>'></iframe>",
  '</title></textarea></select><script>ran(5)</script>',
  'javascript:ran(6)',
  '<a href="javascript:ran(7)" autofocus onfocus=ran(7)>x</a>',
  '{{constructor.constructor("ran(8)")()}}',
  '" onmouseover="ran(9)" autofocus onfocus="ran(9)" x="',
  '<style>@import "javascript:ran(10)"</style><math><mtext></style><img src onerror=ran(10)>',
  '--><!--><script>ran(11)</script>',
  '&lt;script&gt;ran(12)&lt;/script&gt;',
];

const LINES = [
  'intake/title intake/customer intake/site intake/equipment intake/caller intake/department',
  'intake/category preparation/backup preparation/owed_parts preparation/fees',
  'preparation/transport_cost preparation/lodging preparation/arrival_told_to remote/connects',
  'visit/met report/open_reason report/next_plan',
];
const PROSE = [
  'intake/symptom intake/demand preparation/cause plan/safety remote/findings report/symptom',
  'report/cause report/treatment report/modifications report/advice report/analysis',
];
const ENTRIES: Record<string, string[]> = {
  promises: ['text', 'withdrawn'],
  checklist: ['text', 'note'],
  packing: ['text'],
  'plan/items': ['text'],
  steps: ['text'],
  parts: ['name', 'model', 'serial'],
  reports: ['person', 'text'],
  follow_ups: ['result', 'opportunity'],
};
const NIL = '00000000-0000-0000-0000-000000000000';

/** Every field of a job with hostile words in it, each field with another of them. */
function hostileJob(turn: number) {
  const words = (at: number) => WORDS[(at + turn) % WORDS.length] ?? '';
  const paths = [...LINES, ...PROSE].flatMap((line) => line.split(' '));
  const fields = Object.fromEntries(paths.map((path, at) => [path, words(at)]));
  const entries = Object.entries(ENTRIES).map(([collection, names], at) => ({
    collection,
    id: NIL,
    fields: Object.fromEntries(names.map((name, place) => [name, words(at + place)])),
  }));
  return { fields, entries };
}

/** Goes to a page and lets everything on it happen that could; says what ran. */
async function whatRuns(page: Page, address: string): Promise<string[]> {
  await page.goto(address);
  await page.evaluate(() => {
    for (const it of document.querySelectorAll<HTMLElement>('details')) it.setAttribute('open', '');
    for (const it of document.querySelectorAll<HTMLElement>('main *')) {
      it.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
      it.focus?.();
    }
  });
  return page.evaluate(() => (window as unknown as { whatRan: string[] }).whatRan);
}

test.describe('in a whole organisation', () => {
  test.use({ organisation: 'demo' });
  test.setTimeout(240_000);

  test('no words that anybody writes run on any page', async ({ desk, newConsole }) => {
    const jobs: string[] = [];
    for (let turn = 0; turn < WORDS.length; turn += 1) {
      const { fields, entries } = hostileJob(turn);
      jobs.push(await desk.create(fields, entries));
    }
    const office = await newConsole({ language: 'en' });
    const { page } = office;
    await page.context().addInitScript(() => {
      const it = window as unknown as { whatRan: string[]; ran: (what: unknown) => void };
      it.whatRan = [];
      it.ran = (what) => it.whatRan.push(String(what));
      document.addEventListener('securitypolicyviolation', (event) => {
        it.whatRan.push(`refused: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    page.on('dialog', (dialog) => {
      throw new Error(`a dialog opened: ${dialog.message()}`);
    });
    await office.signIn('liuqiang', DEMO_PASSWORD);
    await expect(page.locator('[data-rows] tr').first()).toBeVisible();
    const customers: string[] = [];
    for (const words of WORDS.slice(0, 4)) {
      const about = { address: words, contract: words, notes: words };
      customers.push(await office.openDossier(words, about));
    }
    const addresses = [
      ...['/', '/held', '/people', '/duty', '/fleet', '/hand-in', '/dossiers', '/articles', '/verify'],
      ...['/records', '/records?group=customer', '/records?group=category', '/statistics'],
      ...['/audit', '/password', '/follow-ups', '/backups', '/assets'],
      ...['/jobs/new', `/jobs/new?dossier=${customers[1]}`],
      ...customers.flatMap((id) => [`/dossiers/${id}`, `/dossiers/${id}?edit=about`]),
      ...jobs.flatMap((job) => [`/jobs/${job}`, `/jobs/${job}?edit=intake`]),
      ...WORDS.map((words) => `/?query=${encodeURIComponent(words)}`),
      ...WORDS.map((words) => `/records?customer=${encodeURIComponent(words)}`),
      ...WORDS.map((words) => `/audit?query=${encodeURIComponent(words)}`),
      ...WORDS.map((words) => `/assets?customer=${encodeURIComponent(words)}&kind=${encodeURIComponent(words)}`),
      ...WORDS.map((words) => `/jobs/new?customer=${encodeURIComponent(words)}`),
      ...WORDS.slice(0, 3).map((words) => `/sign-in?reason=${encodeURIComponent(words)}`),
    ];
    for (const address of addresses) {
      expect.soft(await whatRuns(page, address), address).toEqual([]);
    }
    await test.step('it is there to be read', async () => {
      await page.goto(`/jobs/${jobs[0]}`);
      await expect(page.locator('main')).toContainText(WORDS[0] ?? '');
    });
  });
});
