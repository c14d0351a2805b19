// One search box over everything on the phone, without coverage: jobs, customers, contacts, sites,
// equipment, past jobs; in both scripts, and forgiving where a word is misspelt.
import type { Phone } from '../harness/phone';
import { expect, test } from '../harness/story';

test.use({ organisation: 'demo' });

test('E6 one box finds jobs, customers, people, places and things, misspelt too', async ({
  newPhone,
}) => {
  const { screen, page } = await withoutCoverage(await newPhone({ language: 'zh' }));
  const found = (kind: string) => page.locator(`[data-found="${kind}"] li`);

  await screen.search('马志强');
  await expect(found('contact')).toContainText('设备部经理');
  await expect(found('contact').getByRole('link', { name: screen.words('call', { name: '马志强' }) }))
    .toHaveAttribute('href', 'tel:027-5550 6601');
  await expect(found('job').first(), 'his open jobs as well').toBeVisible();
  await expect(found('past_job').first(), 'and the past ones').toBeVisible();

  for (const [question, kind, answer] of [
    ['02755506601', 'contact', '马志强'],
    ['成平仓库', 'site', '成品仓库'],
    ['kz300-0713', 'equipment', '3 号线控制柜'],
    ['控治柜', 'job', '3 号线控制柜偶发停机'],
  ] as const) {
    await screen.search(question);
    await expect(found(kind).first(), question).toContainText(answer);
  }
  await screen.search('成品仓库');
  await expect(found('site')).toHaveCount(1);
  await screen.search('东湖 精密');
  await expect(found('customer')).toHaveCount(1);
  await found('customer').getByRole('link').click();
  await expect(page.getByRole('heading', { name: '东湖精密制造有限公司' })).toBeVisible();
  await screen.back();

  await screen.search('没有这种东西');
  await expect(page.getByText(screen.words('nothing-found'))).toBeVisible();
  await screen.button('search-clear').click();
  await screen.expectList();
  await expect(screen.row('').first()).toBeVisible();
});

test('nothing is said to be missing before it was looked for', async ({ newPhone }) => {
  const { screen, page } = await withoutCoverage(await newPhone({ language: 'zh' }));
  await page.evaluate((words) => {
    const look = () => {
      if (document.body.innerText.includes(words)) document.body.dataset.missing = 'said';
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
  }, screen.words('nothing-found'));
  for (const question of ['马志强', '', '成品仓库', '', '控制柜']) await screen.type(question);
  await expect(page.locator('[data-found="equipment"] li').first()).toBeVisible();
  await expect(page.locator('body')).not.toHaveAttribute('data-missing');
});

test('a long answer is drawn a screenful at a time, to its end', async ({ newPhone }) => {
  const { screen, page } = await withoutCoverage(await newPhone({ language: 'zh' }));

  await screen.search('有限');
  const rows = page.locator('[data-found] li');
  const past = page.locator('[data-found="past_job"] li');
  await expect(rows.first()).toBeVisible();
  await expect(past, 'what comes last is not drawn yet').toHaveCount(0);
  const heading = page.locator('h2:has(+ [data-found="past_job"]) .count');
  const missing = async () => {
    await rows.last().scrollIntoViewIfNeeded();
    const count = (await heading.count()) > 0 ? Number(await heading.textContent()) : Infinity;
    return count - (await past.count());
  };
  await expect.poll(missing, 'all that the heading counts').toBe(0);
  expect(await rows.count()).toBeGreaterThan(10);
});

/** An engineer's phone that has everything and hears nothing more. */
async function withoutCoverage(phone: Phone): Promise<Phone> {
  await phone.screen.signInToDemo('wangjianguo');
  await phone.screen.expectStoredForOffline();
  await phone.screen.visit('jobs');
  await phone.loseCoverage();
  return phone;
}
