// Pictures of what guards and what helps: the lock, its sheet, what is ready before leaving, and an
// article of the knowledge base.
import { shoot } from '../harness/frames';
import { DEMO_PASSWORD } from '../harness/server';
import { test } from '../harness/story';

test.use({ organisation: 'demo' });

const ENGINEERS = { en: 'emma', zh: 'wangjianguo' } as const;

for (const language of ['en', 'zh'] as const) {
  test(`lock and knowledge (${language})`, async ({ newPhone }) => {
    const phone = await newPhone({ language });
    const { screen, page } = phone;
    const take = (name: string) => shoot(page, language, `phone-${name}`);
    await screen.trySignIn(ENGINEERS[language], DEMO_PASSWORD);
    await screen.row('').first().waitFor();
    await screen.filter('stage-preparing');
    await screen.row('').first().click();
    await page.locator('[data-ready] summary').click();
    await take('job-ready');
    await phone.goTo('/jobs');
    await screen.search(language === 'zh' ? '缺纸' : 'restarted');
    await page.locator('[data-found="article"] a').first().click();
    await page.locator('.body').getByRole('heading', { level: 1 }).waitFor();
    await take('article');

    await phone.goTo('/me');
    await page.getByRole('button', { name: screen.words('pin-lock') }).click();
    await take('pin');
    for (const field of ['#pin', '#pin-again']) await page.locator(field).fill('472916');
    await screen.button('pin-choose').click();
    await page.getByText(screen.words('pin-chosen')).waitFor();
    await phone.reload();
    await page.locator('input[name=pin]').fill('111111');
    await screen.button('unlock').click();
    await page.getByRole('alert').waitFor();
    await take('locked');
    await screen.button('pin-forgotten').click();
    await take('locked-forgotten');
  });
}
