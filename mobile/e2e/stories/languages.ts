// Both languages are whole: on no screen does a message id stand in for words, and in neither
// language is there a word of the other. What people wrote themselves is left out by writing it
// in the language that is not being looked for.
import { textsOn } from '../harness/reading';
import type { Phone } from '../harness/phone';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';
import { type Language, messageIds } from '../harness/words';

const ids = new Set(messageIds('phone'));
/** Names of things, the same in every language. */
const NAMES = /Docket|English|中文|QR|Linux|D\d{6}-[2-9A-Z]{5}/g;
/** Words of the other language. */
const FOREIGN: Record<Language, RegExp> = { en: /\p{Script=Han}/u, zh: /[A-Za-z]{2,}/ };
const PARTS = ['intake', 'promises', 'checklist', 'plan', 'visit', 'steps', 'parts', 'attachments', 'report', 'signoffs', 'history'];

for (const language of ['en', 'zh'] as const) {
  test(`every screen speaks one language (${language})`, async ({ desk, newPhone }) => {
    const written = language === 'zh' ? '测试' : 'Test';
    const fields = { 'intake/title': written, 'intake/customer': written, 'intake/level': 'major' };
    const record = await desk.openJob(fields, people.lin.name);
    const phone = await newPhone({ language });
    const read = (where: string) => expectOneLanguage(phone, language, where);
    await expect(phone.screen.button('sign-in')).toBeVisible();
    await read('sign in');
    await phone.screen.signIn(people.lin.login);

    for (const path of ['/jobs', '/customers', '/me', '/new', '/refused', `/job/${record}/sign`]) {
      await phone.goTo(path);
      await read(path);
    }
    await phone.goTo('/me');
    for (const sheet of ['language', 'theme', 'sign-out']) {
      await phone.page.getByRole('button', { name: phone.screen.words(sheet) }).click();
      await read(sheet);
      await phone.page.goBack();
    }

    await phone.goTo(`/job/${record}`);
    const job = phone.screen.job();
    for (const part of PARTS) await job.part(part);
    await read('job');
    for (const path of await job.editablePaths()) {
      await (await job.field(path)).click();
      await expect(job.sheet()).toBeVisible();
      await read(path);
      await phone.page.goBack();
      await expect(job.sheet()).toBeHidden();
    }
    await phone.goTo(`/job/${record}/report`);
    await read('report');
  });
}

test('the language can be changed, and stays', async ({ newPhone }) => {
  const phone = await newPhone({ language: 'en' });
  await phone.screen.signIn(people.ada.login);
  await phone.screen.visit('me');
  await phone.page.getByRole('button', { name: phone.screen.words('language') }).click();
  await phone.page.getByRole('radio', { name: '中文' }).click();
  await expect(phone.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await phone.reload();
  await expect(phone.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
});

async function expectOneLanguage(phone: Phone, language: Language, where: string): Promise<void> {
  const own = new Set<string>(Object.values(people).map(({ name }) => name));
  const texts = (await textsOn(phone.page)).map((text) =>
    [...own].reduce((rest, name) => rest.replaceAll(name, ''), text.replaceAll(NAMES, '')),
  );
  expect(texts.length, `${where} is empty`).toBeGreaterThan(2);
  expect(texts.filter((text) => ids.has(text)), `message ids on ${where}`).toEqual([]);
  const foreign = texts.filter((text) => FOREIGN[language].test(text));
  expect(foreign, `words of the other language on ${where}`).toEqual([]);
}
