// Pictures of the phone app over the demo's organisation: every screen, and a job in each stage.
import { drawName } from '../harness/drawing';
import { shoot } from '../harness/frames';
import { type Phone, PHONE_SIZE } from '../harness/phone';
import { DEMO_PASSWORD } from '../harness/server';
import { test } from '../harness/story';
import type { Language } from '../harness/words';

/** Engineers with a job in each stage, who write in the language of the pictures. */
const ENGINEERS: Record<Language, string> = { en: 'emma', zh: 'wangjianguo' };
const STAGES = ['assigned', 'preparing', 'planned', 'on-site', 'reported', 'signed', 'archived'];

test.use({ organisation: 'demo' });

for (const language of ['en', 'zh'] as const) {
  test(`the phone app (${language})`, async ({ newPhone }) => {
    await takeAll(await newPhone({ language }), language);
  });
}

async function takeAll(phone: Phone, language: Language): Promise<void> {
  const { screen, page } = phone;
  const take = (name: string) => shoot(page, language, `phone-${name}`);
  await screen.button('sign-in').waitFor();
  await take('sign-in');
  await screen.trySignIn(ENGINEERS[language], DEMO_PASSWORD);
  await screen.row('').first().waitFor();
  await take('jobs');
  await screen.search(language === 'zh' ? '一号车间' : 'Warehouse');
  await page.locator('[data-found]').first().waitFor();
  await take('search');
  await screen.search('');

  for (const stage of STAGES) {
    await phone.goTo('/jobs');
    await screen.filter(`stage-${stage}`);
    await screen.row('').first().click();
    await screen.job().expectStage(stage);
    await take(`job-${stage}`);
    if (stage === 'planned') await takePreparation(phone, take);
    if (stage === 'on-site') await takePart(phone, take);
    if (stage === 'reported') await takeSigning(phone, take);
  }

  await phone.goTo('/customers');
  await take('customers');
  await page.locator('a[href^="#/customer/"]').first().click();
  await take('customer');
  await page.locator('[data-good]').first().scrollIntoViewIfNeeded();
  await take('backups');
  for (const [path, name] of [['/new', 'new-job'], ['/me', 'me'], ['/take', 'take']] as const) {
    await phone.goTo(path);
    await take(name);
  }
}

/** What to know before leaving, what to take along, and the job on its way to a colleague. */
async function takePreparation(
  { screen, page }: Phone,
  take: (name: string) => Promise<void>,
): Promise<void> {
  for (const part of ['preparation', 'packing']) {
    const section = await screen.job().part(part);
    await section.evaluate((node) => node.scrollIntoView());
    await take(part);
  }
  const at = new URL(page.url()).hash.slice(1);
  await page.evaluate((to) => (location.hash = to), `${at}/give`);
  await page.locator('.person').first().click();
  await page.locator('[data-given]').waitFor();
  await take('given');
  await screen.button('give-codes').click();
  await page.locator('[data-frame]').waitFor();
  await take('codes');
  await page.keyboard.press('Escape');
}

async function takePart(
  { screen, page }: Phone,
  take: (name: string) => Promise<void>,
): Promise<void> {
  const job = screen.job();
  const parts = await job.part('parts');
  await parts.getByRole('button', { name: job.words('add-part'), exact: true }).click();
  await job.sheet().locator('#add-serial').waitFor();
  await take('add-part');
  await page.keyboard.press('Escape');
}

async function takeSigning(phone: Phone, take: (name: string) => Promise<void>): Promise<void> {
  const { screen, page } = phone;
  await screen.job().next('sign');
  await page.locator('input[name=signatory]').fill('周建华');
  await page.getByRole('radio', { name: screen.words('signoff-accepted'), exact: true }).click();
  await take('sign-off');
  await screen.button('sign-begin').click();
  await page.setViewportSize(PHONE_SIZE);
  await drawName(page);
  await take('signature');
  await screen.button('signature-accept').click();
  await page.locator('[data-digest]').waitFor();
  await take('proof');
}
