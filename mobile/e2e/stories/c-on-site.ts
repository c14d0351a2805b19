// C. On site, without coverage: every stage shows what it asks for, and the large button at the
// bottom is always the one next thing. The numbers are those of the service standard.
import type { Content, Desk } from '../harness/desk';
import { drawName } from '../harness/drawing';
import type { JobScreen } from '../harness/job-screen';
import type { Phone } from '../harness/phone';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = '泵房二号泵异响';
const BOSS = { name: '王芳', title: '厂长' };
const listOf = (part: unknown) => Object.values((part ?? {}) as Record<string, Content[string]>);

interface Prepared {
  phone: Phone;
  job: JobScreen;
  record: string;
}

/** A job that Ada has accepted and planned, on her phone, which then loses coverage. */
async function prepared(
  desk: Desk,
  newPhone: () => Promise<Phone>,
  fields: Record<string, string | number> = {},
): Promise<Prepared> {
  const record = await desk.openJob(
    { 'intake/title': TITLE, 'intake/mode': 'on_site', ...fields },
    people.ada.name,
  );
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  return { phone, job, record };
}

async function merged(phone: Phone, desk: Desk, record: string): Promise<Content> {
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  return (await desk.content(record)) as Content;
}

test('C1 preparing: accept, go through the list, set the time, set out', async ({
  desk,
  newPhone,
}) => {
  const { phone, job, record } = await prepared(desk, newPhone);
  await job.expectNext('accept');
  await job.next('accept');
  await job.expectStage('preparing');
  await job.addChecklistItem('备份版本已核对');
  await job.expectNext('checklist');
  await job.next('checklist');
  await job.tick('备份版本已核对');
  await job.expectNext('plan');
  await job.next('plan');
  await job.tap('soon-tomorrow-noon');
  await job.tap('save');
  await job.expectStage('planned');
  await job.next('depart');
  await job.expectNext('arrive');
  const content = await merged(phone, desk, record);
  expect(listOf(content.checklist)).toMatchObject([{ text: '备份版本已核对', done: true }]);
  expect(content.plan?.start_at).toBeGreaterThan(Date.now());
  expect(content.visit?.departed_at).toBeGreaterThan(0);
});

test('C2 the courtesy visit is the first thing on site, with name and time', async ({
  desk,
  newPhone,
}) => {
  const { phone, job, record } = await prepared(desk, newPhone, { 'plan/start_at': Date.now() });
  await job.next('depart');
  await job.next('arrive');
  await job.expectStage('on-site');
  await job.expectNext('met');
  await job.next('met');
  await job.saveSheet({ 'field-text': '王芳 厂长' });
  await job.expectNext('step');
  await expect(job.task('met')).toHaveAttribute('data-done', 'true');
  const { visit } = await merged(phone, desk, record);
  expect(visit).toMatchObject({ met: '王芳 厂长' });
  expect(Number(visit?.arrived_at)).toBeGreaterThanOrEqual(Number(visit?.departed_at));
});

test('C3 the plan with its risky work is confirmed by signature before work starts', async ({
  desk,
  newPhone,
}) => {
  const { phone, job, record } = await prepared(desk, newPhone, { 'plan/start_at': Date.now() });
  await job.write('plan/safety', '断电挂牌，双人操作');
  const plan = await job.part('plan');
  await plan.getByRole('button', { name: job.words('add-plan-item'), exact: true }).click();
  await job.sheet().getByRole('checkbox').check();
  await job.saveSheet({ 'add-text': '更换轴承', 'add-minutes': '90' });
  await expect(plan).toContainText(job.words('risky'));
  await job.next('depart');
  await job.next('arrive');
  await job.next('met');
  await job.saveSheet({ 'field-text': BOSS.name });
  await job.expectNext('plan-signed');
  await job.next('plan-signed');
  await expect(phone.page.locator('article')).toContainText('断电挂牌，双人操作');
  await job.signAs(BOSS);
  await drawName(phone.page);
  await phone.screen.button('signature-accept').click();
  await job.tap('close');
  await job.expectNext('step');

  const content = await merged(phone, desk, record);
  expect(listOf((content.plan as unknown as Content).items)).toMatchObject([
    { text: '更换轴承', minutes: 90, risky: true },
  ]);
  const { signoffs } = await desk.job(record);
  expect(JSON.stringify(signoffs)).toContain('"purpose":"plan"');
});

test('C4 steps, parts with serial numbers, and risky work ticked explicitly', async ({
  desk,
  newPhone,
}) => {
  const { phone, job, record } = await prepared(desk, newPhone, {
    'plan/start_at': Date.now(),
    'visit/arrived_at': Date.now(),
    'visit/met': BOSS.name,
  });
  await job.next('step');
  await job.sheet().getByRole('checkbox').check();
  await job.saveSheet({ 'add-text': '拆下联轴器，吊出转子', 'add-minutes': '40' });
  await expect(await job.part('steps')).toContainText(job.words('risky'));
  for (const [action, serial] of [['removed', 'SKF-0001'], ['fitted', 'SKF-0002']] as const) {
    const parts = await job.part('parts');
    await parts.getByRole('button', { name: job.words('add-part'), exact: true }).click();
    const word = job.words(`action-${action}`);
    await job.sheet().getByRole('radio', { name: word, exact: true }).click();
    await job.saveSheet({ 'add-name': '轴承 6205', 'add-serial': serial });
  }
  await job.expectNext('report');
  const content = await merged(phone, desk, record);
  expect(listOf(content.steps)).toMatchObject([{ risky: true, minutes: 40 }]);
  const parts = listOf(content.parts).map(({ action, serial }) => `${action} ${serial}`);
  expect(parts.sort()).toEqual(['fitted SKF-0002', 'removed SKF-0001']);
});

test('C6 the customer signs with reservations, satisfaction and remarks', async ({
  desk,
  newPhone,
}) => {
  const { phone, job, record } = await prepared(desk, newPhone, { 'visit/arrived_at': Date.now() });
  await job.addStep('更换轴承');
  await job.writeReport({ outcome: 'solved', cause: '轴承磨损', treatment: '更换轴承' });
  await job.expectNext('sign');
  await job.next('sign');
  await job.signAs(BOSS, 'accepted-with-reservations', async () => {
    await phone.page.locator('textarea').first().fill('噪声须一周后复测');
    await phone.page.getByRole('radio', { name: job.words('satisfaction-4') }).click();
    await phone.page.locator('textarea').last().fill('到场及时');
  });
  await drawName(phone.page);
  await phone.screen.button('signature-accept').click();
  await job.tap('close');
  await job.expectStage('signed');
  await merged(phone, desk, record);
  const said = JSON.stringify((await desk.job(record)).signoffs);
  for (const word of ['accepted_with_reservations', '噪声须一周后复测', '到场及时', BOSS.title]) {
    expect(said).toContain(word);
  }
});

test('C8 the report is complete before it can be finished', async ({ desk, newPhone }) => {
  const { phone, job, record } = await prepared(desk, newPhone, { 'visit/arrived_at': Date.now() });
  await job.addStep('临时降速运行');
  await job.next('report');
  const outcome = job.words('outcome-unsolved');
  await phone.page.getByRole('radio', { name: outcome, exact: true }).click();
  await job.next('finish-report');
  const problem = phone.page.getByRole('alert');
  for (const field of ['cause', 'treatment', 'open-reason', 'next-plan']) {
    await expect(problem).toContainText(job.words(`field-report-${field}`));
  }
  for (const [field, text] of [
    ['cause', '轴承磨损'],
    ['treatment', '降速'],
    ['modifications', '变频器 50 Hz → 35 Hz'],
    ['open_reason', '备件未到'],
    ['next_plan', '周三更换'],
  ] as const) {
    await phone.page.locator(`.field[data-path="report/${field}"]`).locator('textarea, input').fill(text);
  }
  await job.next('finish-report');
  await job.expectStage('reported');
  const { report } = await merged(phone, desk, record);
  expect(report).toMatchObject({
    outcome: 'unsolved',
    modifications: '变频器 50 Hz → 35 Hz',
    open_reason: '备件未到',
    next_plan: '周三更换',
  });
  expect(report?.finished_at).toBeGreaterThan(0);
});
