// Pictures of the console and the verify page over the demo's organisation.
import { shoot } from '../harness/frames';
import { DEMO_PASSWORD } from '../harness/server';
import { test } from '../harness/story';

const DESK = 'chenjing';
/** Pages that are reached by their address alone. */
const PAGES = {
  board: '/',
  'new-job': '/jobs/new',
  dossiers: '/dossiers',
  assets: '/assets',
  'assets-warranty': '/assets?warranty=soon',
  articles: '/articles',
  records: '/records',
  'records-by-customer': '/records?group=customer',
  statistics: '/statistics',
  'follow-ups': '/follow-ups',
  backups: '/backups',
  levels: '/levels',
  duty: '/duty',
  'levels-add': '/levels?add=levels#levels',
  notices: '/notices',
  people: '/people',
  fleet: '/fleet',
  'hand-in': '/hand-in',
  password: '/password',
};

test.use({ organisation: 'demo' });

for (const language of ['en', 'zh'] as const) {
  test(`the console (${language})`, async ({ newConsole }) => {
    const office = await newConsole({ language });
    const take = (name: string) => shoot(office.page, language, `console-${name}`);
    await take('sign-in');
    await office.signIn(DESK, DEMO_PASSWORD);
    await office.page.locator('[data-rows] tr').first().waitFor();
    for (const [name, path] of Object.entries(PAGES)) {
      await office.page.goto(path);
      await take(name);
    }
    await office.page.goto('/dossiers');
    await office.page.locator('main a[href^="/dossiers/"]').first().click();
    await take('dossier');

    await office.page.goto('/?stage=signed');
    await office.page.locator('[data-rows] a').first().click();
    await office.part('signoffs').locator('article').first().waitFor();
    await take('job-signed');
    const proof = await office.downloadProof();
    await office.page.goto('/?stage=on_site');
    await office.page.locator('[data-rows] tr:has(.warn) a').first().click();
    await take('job-conflict');
    await office.page.goto('/?clock=paused');
    await office.page.locator('[data-rows] a').first().click();
    await take('job-paused');
    await office.page.goto(`${office.page.url()}?edit=intake#intake`);
    await take('job-edit');

    const administrator = await newConsole({ language });
    await administrator.signIn('admin', DEMO_PASSWORD);
    await administrator.page.locator('[data-rows] tr').first().waitFor();
    for (const name of ['people', 'audit']) {
      await administrator.page.goto(`/${name}`);
      await shoot(administrator.page, language, `console-${name}-administrator`);
    }

    await office.page.goto('/verify');
    await take('verify');
    await office.checkProof(proof);
    await take('verify-valid');
  });
}
