// Pictures of work that is not simply merged: waiting for a decision on the phone and in the
// console, not accepted, and a phone that was withdrawn.
import { shoot } from '../harness/frames';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = { en: 'Flow meter 3 reads high', zh: '3 号流量计读数偏高' };
const CAUSE = { en: 'Worn bearing in the rotor, dust in the housing', zh: '转子轴承磨损，壳体内有粉尘' };
const REASON = { en: 'Lin has already changed it, see the report', zh: '林涛已更换，见服务报告' };

for (const language of ['en', 'zh'] as const) {
  test(`held work (${language})`, async ({ desk, newPhone, newConsole }) => {
    const jobs = [];
    for (const title of [TITLE[language], `${TITLE[language]} (2)`]) {
      jobs.push(await desk.openJob({ 'intake/title': title }, people.ada.name));
    }
    const phone = await newPhone({ language });
    await phone.screen.signIn(people.ada.login);
    await phone.loseCoverage();
    for (const [place, record] of jobs.entries()) {
      await phone.goTo(`/job/${record}`);
      const job = phone.screen.job();
      await job.write('report/cause', CAUSE[language]);
      if (place === 0) await job.choose('intake/priority', 'priority-high');
      await desk.assign(record, people.lin.name);
    }
    await phone.findCoverage();
    await phone.screen.expectUnsent(0);
    await phone.goTo('/waiting');
    await shoot(phone.page, language, 'phone-waiting');
    await phone.goTo('/me');
    await shoot(phone.page, language, 'phone-me-waiting');

    const office = await newConsole({ language });
    await office.signIn(people.manager.login);
    await office.page.goto('/held');
    await shoot(office.page, language, 'console-held');
    const piece = office.page.getByRole('article').last();
    await piece.getByRole('textbox').fill(REASON[language]);
    await piece.getByRole('button', { name: office.words('held-set-aside') }).click();
    await shoot(office.page, language, 'console-held-decided');

    await phone.goTo('/refused');
    await expect(phone.page.locator('section.card')).toHaveCount(1);
    await shoot(phone.page, language, 'phone-not-accepted');

    await office.page.goto('/people');
    const line = office.page.getByRole('row').filter({ hasText: people.ada.name }).first();
    await line.getByText(office.words('people-revoke-device'), { exact: true }).click();
    await shoot(office.page, language, 'console-people-withdraw');
    await line.locator('details[open] button').click();
    await phone.goTo('/me');
    await phone.screen.button('sync-now').click();
    await expect(phone.page.getByText(phone.screen.words('withdrawn-all-in'))).toBeVisible();
    await shoot(phone.page, language, 'phone-withdrawn');
  });
}
