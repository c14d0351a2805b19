// Every screen for every eye and thumb: axe finds nothing serious in light and dark, targets are
// 48 px, and no text is cut off on a narrow phone or at twice the text size; in both languages.
import type { Page } from '@playwright/test';
import { axeViolations, cutTexts, smallTargets } from '../harness/ergonomics';
import { type Phone, PHONE_SIZE } from '../harness/phone';
import { DEMO_PASSWORD } from '../harness/server';
import { expect, test } from '../harness/story';

test.use({ organisation: 'demo' });

const NARROW = { width: 360, height: 740 };
const ENGINEERS = { en: 'emma', zh: 'wangjianguo' } as const;
const PARTS = ['intake', 'promises', 'checklist', 'plan', 'visit', 'steps', 'parts', 'report'];
const LATER_PARTS = ['signoffs', 'history'];

for (const language of ['en', 'zh'] as const) {
  test(`every screen suits eyes and thumbs (${language})`, async ({ newPhone }) => {
    // Some twenty screens, each looked at in five ways.
    test.slow();
    const phone = await newPhone({ language });
    const { screen, page } = phone;
    const look = (where: string) => expectGood(phone, where);
    await expect(screen.button('sign-in')).toBeVisible();
    await look('sign in');
    await screen.trySignIn(ENGINEERS[language], DEMO_PASSWORD);
    await screen.row('').first().waitFor();
    await look('jobs');
    await screen.search(language === 'zh' ? '车间' : '1');
    await page.locator('[data-found]').first().waitFor();
    await look('search');
    await screen.search('');

    for (const path of ['/customers', '/me', '/refused', '/waiting', '/changed', '/take']) {
      await phone.goTo(path);
      await look(path);
    }
    await phone.goTo('/customers');
    await page.locator('a[href^="#/customer/"]').first().click();
    await look('customer');
    await phone.goTo('/new');
    await screen.button('add-promise').click();
    await look('a call');

    await phone.goTo('/jobs');
    await screen.filter('stage-filter-all');
    for (const stage of ['assigned', 'on-site', 'signed']) {
      await screen.filter(`stage-${stage}`);
      await screen.row('').first().click();
      const job = screen.job();
      await job.expectStage(stage);
      await look(`job, ${stage}`);
      if (stage === 'on-site') await lookIntoJob(phone, look);
      if (stage === 'signed') for (const part of LATER_PARTS) await job.part(part);
      if (stage === 'signed') await look('signatures and history');
      await phone.goTo('/jobs');
    }
  });
}

/** The parts of a job, its sheets, the report and the page to sign. */
async function lookIntoJob(phone: Phone, look: (where: string) => Promise<void>): Promise<void> {
  const { screen, page } = phone;
  const job = screen.job();
  for (const part of PARTS) await job.part(part);
  await look('every part of a job');
  for (const path of ['intake/level', 'plan/start_at', 'intake/symptom']) {
    await (await job.field(path)).click();
    await expect(job.sheet()).toBeVisible();
    await look(path);
    await page.goBack();
    await expect(job.sheet()).toBeHidden();
  }
  for (const button of ['add-part', 'add-promise']) {
    await page.locator('main').getByRole('button', { name: job.words(button), exact: true }).click();
    await look(button);
    await page.goBack();
    await expect(job.sheet()).toBeHidden();
  }
  const at = new URL(page.url()).hash.slice(1);
  await phone.goTo(`${at}/report`);
  await look('report');
  await phone.goTo(`${at}/sign`);
  await look('sign-off');
  await phone.goTo(`${at}/give`);
  await look('hand over');
  await page.locator('.person').first().click();
  await page.locator('[data-given]').waitFor();
  await look('handed over');
}

async function expectGood({ page }: Phone, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect.soft(await axeViolations(page), `axe, ${where}, ${colorScheme}`).toEqual([]);
  }
  expect.soft(await smallTargets(page), `targets, ${where}`).toEqual([]);
  await page.setViewportSize(NARROW);
  expect.soft(await cutTexts(page), `cut at 360 px, ${where}`).toEqual([]);
  await page.setViewportSize(PHONE_SIZE);
  await textSize(page, '200%');
  expect.soft(await cutTexts(page), `cut at 200 %, ${where}`).toEqual([]);
  await textSize(page, '');
}

/** As the phone's own setting does it: everything that is measured in letters grows. */
async function textSize(page: Page, size: string): Promise<void> {
  await page.evaluate((to) => {
    document.documentElement.style.fontSize = to;
    dispatchEvent(new Event('resize'));
    return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }, size);
}

test('a tap that chose is taken back by the next tap', async ({ newPhone }) => {
  const { screen, page } = await newPhone();
  await screen.trySignIn(ENGINEERS.en, DEMO_PASSWORD);
  await screen.filter('stage-assigned');
  await screen.row('').first().click();
  const job = screen.job();
  const level = await job.field('intake/level');
  const before = (await level.textContent()) ?? '';
  const words = ['level-minor', 'level-critical'] as const;
  const other = words.find((word) => !before.includes(job.words(word))) ?? words[0];
  await job.choose('intake/level', other);
  await expect(level).toContainText(job.words(other));
  await page.getByRole('status').getByRole('button', { name: job.words('undo') }).click();
  await expect(level).toHaveText(before);
});
