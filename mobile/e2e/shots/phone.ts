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
    if (stage === 'reported') await takeSigning(phone, take);
  }

  await phone.goTo('/customers');
  await take('customers');
  await page.locator('a[href^="#/customer/"]').first().click();
  await take('customer');
  for (const [path, name] of [['/new', 'new-job'], ['/me', 'me'], ['/take', 'take']] as const) {
    await phone.goTo(path);
    await take(name);
  }
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
