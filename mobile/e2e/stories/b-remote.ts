// B. Remote handling, without coverage: the dossier first, then the work by telephone or by a line
// to the customer's machine. The numbers are those of the service standard.
import type { Content } from '../harness/desk';
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

test('B2 by telephone: steps and what was said, without a journey', async ({ desk, newPhone }) => {
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
  await job.expectNext('sign');
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  const content = (await desk.content(record)) as Content;
  expect(listOf(content.steps)).toHaveLength(1);
  expect(content.report).toMatchObject({ cause: '电源线松脱', outcome: 'solved' });
  expect(content.visit?.departed_at).toBeNull();
});

test('B3 remote maintenance has its window, its findings and its steps', async ({
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
  await job.next('plan');
  await job.saveSheet({ 'field-text': '2026-12-01T21:00' });
  await job.write('plan/end_at', '2026-12-01T23:00');
  await job.expectNext('step');
  await job.write('report/symptom', 'Clock is seven minutes slow; nothing was changed yet');
  await job.next('step');
  await job.saveSheet({ 'add-text': 'NTP set up by us, restarted by the customer' });
  await job.expectNext('report');
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  const content = (await desk.content(record)) as Content;
  expect(Number(content.plan?.end_at) - Number(content.plan?.start_at)).toBe(2 * 3_600_000);
  expect(content.report?.symptom).toContain('seven minutes');
  expect(listOf(content.steps)).toHaveLength(1);
});
