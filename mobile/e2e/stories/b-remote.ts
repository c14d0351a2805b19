// B. Remote handling, without coverage: the dossier first, then the work by telephone or by a line
// to the customer's machine. The numbers are those of the service standard.
import type { Content } from '../harness/desk';
import type { Phone } from '../harness/phone';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const listOf = (part: unknown) => Object.values((part ?? {}) as Record<string, Content[string]>);

test.describe('with the organisation of the demo', () => {
  test.use({ organisation: 'demo' });

  test('B1 before touching anything the engineer sees the dossier', async ({ newPhone }) => {
    const phone = await newPhone({ language: 'zh' });
    const { screen, page } = phone;
    await screen.signInToDemo('wangjianguo');
    await phone.loseCoverage();
    await screen.search('3 号线控制柜');
    await page.locator('[data-found="job"] a').first().click();
    const job = screen.job();
    await (await job.part('intake'))
      .getByRole('button', { name: job.words('open-dossier'), exact: true })
      .click();
    for (const known of ['HD-2026-022', '马志强', '生产副总', '027-5550 6605', 'KZ300-0713']) {
      await expect(page.locator('.body')).toContainText(known);
    }
    const past = page.locator('#section-jobs a');
    expect(await past.count(), 'what was done before').toBeGreaterThan(1);
  });
});

test('B2 by telephone: steps, the engineer signs, the customer’s manager is told', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const fields = { 'intake/title': '屏幕无显示', 'intake/mode': 'phone' };
  const record = await desk.openJob(fields, people.lin.name);
  const phone = await newPhone({ language: 'zh' });
  await phone.screen.signIn(people.lin.login);
  const job = await phone.screen.openJob('屏幕无显示');
  await phone.loseCoverage();
  await job.next('accept');
  await job.expectNext('step');
  await job.next('step');
  await job.saveSheet({ 'add-text': '请用户检查电源线：已松脱，插紧后恢复' });
  await expect(job.task('met'), 'nobody is visited').toHaveCount(0);
  await job.writeReport({ outcome: 'solved', cause: '电源线松脱', treatment: '电话指导插紧' });
  await job.haveItSigned({ name: people.lin.name, title: '责任工程师' });
  await job.expectNext('tell-result');
  await merged(phone);
  const office = await newConsole({ language: 'zh' });
  await office.signIn(people.manager.login);
  await office.page.goto(`/jobs/${record}`);
  await expect(office.part('lacks')).toContainText(office.words('lack-telling'));
  await expect(office.button('archive-job')).toHaveCount(0);

  await phone.loseCoverage();
  await job.next('tell-result');
  await job.saveSheet({ 'add-person': '马志强', 'add-text': '已恢复，原因是电源线松脱' });
  await job.expectNext('proof');
  await merged(phone);
  const content = (await desk.content(record)) as Content;
  expect(listOf(content.steps)).toHaveLength(1);
  expect(content.report).toMatchObject({ cause: '电源线松脱', outcome: 'solved' });
  expect(listOf(content.reports)).toMatchObject([{ to: 'customer_manager', person: '马志强' }]);
  expect(content.visit?.departed_at).toBeNull();
  await office.button('archive-job').click();
  await expect(office.button('unarchive')).toBeVisible();
});

test('B3 remote: window, findings before any change, plan, steps by either, confirmation', async ({
  desk,
  newPhone,
}) => {
  const fields = { 'intake/title': 'Reports are late', 'intake/mode': 'remote' };
  const record = await desk.openJob(fields, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob('Reports are late');
  await phone.loseCoverage();
  await job.next('accept');
  for (const text of ['2026-12-01T21:00', '2026-12-01T23:00', 'Ada Novak over VPN']) {
    await job.next('window');
    await job.saveSheet({ 'field-text': text });
  }
  await job.next('findings');
  await job.saveSheet({ 'field-text': 'Clock is seven minutes slow; nothing was changed yet' });
  await job.next('plan-items');
  await job.saveSheet({ 'add-text': 'Set up NTP' });
  for (const [text, actor] of [['NTP set up', 'us'], ['Server restarted', 'customer']] as const) {
    await job.addStep(text, `actor-${actor}`);
  }
  await job.writeReport({ outcome: 'solved', cause: 'No time server', treatment: 'NTP set up' });
  await job.expectNext('confirm');
  await job.next('confirm');
  await job.saveSheet({ 'add-person': 'Mr Ma', 'add-text': 'Reports are on time, agreed' });
  await job.expectNext('sign');
  await merged(phone);
  const { remote, plan, steps, reports } = (await desk.content(record)) as Content;
  expect(Number(remote?.window_end) - Number(remote?.window_start)).toBe(2 * 3_600_000);
  expect(remote).toMatchObject({ connects: 'Ada Novak over VPN' });
  expect(remote?.findings).toContain('nothing was changed');
  expect(listOf(plan?.items)).toHaveLength(1);
  const actors = listOf(steps) as unknown as Record<string, unknown>[];
  expect(actors.map(({ actor }) => actor).sort()).toEqual(['customer', 'us']);
  expect(listOf(reports)).toMatchObject([{ to: 'customer', person: 'Mr Ma' }]);
});

async function merged(phone: Phone): Promise<void> {
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
}
