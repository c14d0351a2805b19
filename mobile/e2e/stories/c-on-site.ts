// C. On site, without coverage: every stage shows what it asks for, and the large button at the
// bottom is always the one next thing. The numbers are those of the service standard.
import type { Content, Desk } from '../harness/desk';
import { drawName } from '../harness/drawing';
import type { JobScreen } from '../harness/job-screen';
import type { Phone } from '../harness/phone';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';
import { filmLabel } from '../harness/video';

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
  // Parts of the app that are fetched when they are first needed, too.
  await phone.screen.expectStoredForOffline();
  await phone.screen.visit('jobs');
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  return { phone, job, record };
}

async function merged(phone: Phone, desk: Desk, record: string): Promise<Content> {
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  return (await desk.content(record)) as Content;
}

/** A journey that is prepared already, for stories of what comes after it. */
const READY = {
  'preparation/asked_at': Date.now(),
  'preparation/arrival_told_at': Date.now(),
  'plan/start_at': Date.now(),
};

test('C1 preparing: the dossier, the fields, the packing list, approved by the manager', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const office = await newConsole({ language: 'zh' });
  await office.signIn(people.manager.login);
  const dossier = await office.openDossier('江北水厂', {
    contract: 'HT-2026-017',
    contract_until: '2027-06-30T00:00',
    fees: '三月上门费 800 元',
    owed_parts: '欠用户密封圈 2 只',
  });
  const customer = { 'intake/dossier': dossier, 'intake/customer': '江北水厂' };
  const { phone, job, record } = await prepared(desk, () => newPhone({ language: 'zh' }), customer);
  await job.next('accept');
  await job.expectStage('preparing');
  const known = await job.part('preparation');
  for (const fact of ['HT-2026-017', '2027', '三月上门费 800 元', '欠用户密封圈 2 只']) {
    await expect(known).toContainText(fact);
  }
  await job.addChecklistItem('备份版本已核对');
  await job.next('checklist');
  await job.tick('备份版本已核对');

  await job.expectNext('prepare');
  await job.next('prepare');
  await job.saveSheet({ 'field-text': '轴承磨损，异响随转速升高' });
  await job.next('prepare');
  await job.saveSheet({ 'field-text': 'PLC V2.3，10 月 12 日' });
  await job.next('prepare');
  await job.sheet().getByRole('radio', { name: job.words('transport-train') }).click();
  await job.next('prepare');
  await job.addPacking('拉马', 'tools');
  await job.addPacking('电路图 E-12', 'documents');
  await job.next('ask');
  await expect(job.task('prepare')).toHaveAttribute('data-done', 'true');
  await expect(job.task('approve')).toHaveAttribute('data-done', 'false');
  await job.expectNext('pack');
  await job.tick('拉马', 'packing');
  await job.tick('电路图 E-12', 'packing');
  await job.next('plan');
  await job.tap('soon-tomorrow-noon');
  await job.tap('save');
  await job.expectStage('planned');
  await job.next('announce-to');
  await job.saveSheet({ 'field-text': `${BOSS.name} ${BOSS.title}` });
  await job.next('announce');
  await job.expectNext('depart');
  await merged(phone, desk, record);

  await office.page.goto(`/jobs/${record}`);
  await expect(office.part('packing')).toContainText('拉马');
  await office.button('approve-preparation').click();
  await expect(office.part('preparation')).toContainText(people.manager.name);
  await expect(job.task('approve')).toHaveAttribute('data-done', 'true');
  await job.next('depart');
  await job.expectNext('arrive');
  const { checklist, preparation, packing, plan, visit } = await merged(phone, desk, record);
  expect(listOf(checklist)).toMatchObject([{ text: '备份版本已核对', done: true }]);
  expect(preparation).toMatchObject({
    cause: '轴承磨损，异响随转速升高',
    backup: 'PLC V2.3，10 月 12 日',
    transport: 'train',
    arrival_told_to: `${BOSS.name} ${BOSS.title}`,
  });
  expect(Number(preparation?.approved_at)).toBeGreaterThanOrEqual(Number(preparation?.asked_at));
  const taken = listOf(packing) as unknown as Record<string, unknown>[];
  expect(taken.map(({ kind, packed }) => `${kind} ${packed}`).sort()).toEqual([
    'documents true',
    'tools true',
  ]);
  expect(plan?.start_at).toBeGreaterThan(Date.now());
  expect(visit?.departed_at).toBeGreaterThan(0);
});

test('C2 the courtesy visit is the first thing on site, with name and time', async ({
  desk,
  newPhone,
}) => {
  const { phone, job, record } = await prepared(desk, newPhone, READY);
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
  expect(Number(visit?.met_at)).toBeGreaterThanOrEqual(Number(visit?.arrived_at));
  expect(Number(visit?.arrived_at)).toBeGreaterThanOrEqual(Number(visit?.departed_at));
});

test('C3 the plan with its risky work is confirmed by signature before work starts', async ({
  desk,
  newPhone,
}) => {
  const { phone, job, record } = await prepared(desk, newPhone, READY);
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
  await job.addStep('拆下旧轴承');
  await job.expectNext('risky');
  await job.tickPlanned('更换轴承', true);
  await job.next('report');
  await expect(phone.page.locator('#plan-done'), 'the plan beside the work').toContainText('90');
  await phone.screen.back();

  const content = await merged(phone, desk, record);
  expect(listOf((content.plan as unknown as Content).items)).toMatchObject([
    { text: '更换轴承', minutes: 90, risky: true, done: true },
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

test('C4 a serial number is read from its label by the camera', async ({ desk, newPhone }) => {
  const video = test.info().outputPath('label.y4m');
  await filmLabel('SKF 6205-2Z 0815', video);
  const { phone, job, record } = await prepared(desk, () => newPhone({ camera: { video } }), {
    'visit/arrived_at': Date.now(),
  });
  const parts = await job.part('parts');
  await parts.getByRole('button', { name: job.words('add-part'), exact: true }).click();
  await job.sheet().locator('#add-name').fill('轴承 6205');
  await job.tap('serial-scan');
  await expect(job.sheet().locator('#add-serial')).toHaveValue('SKF 6205-2Z 0815');
  await expect(job.sheet().locator('video'), 'one code is enough').toHaveCount(0);
  await job.saveSheet();
  await expect(parts).toContainText('SKF 6205-2Z 0815');
  const { parts: merged_parts } = await merged(phone, desk, record);
  expect(listOf(merged_parts)).toMatchObject([{ name: '轴承 6205', serial: 'SKF 6205-2Z 0815' }]);
});

test('C4 where the camera may not be used, the serial number is typed', async ({
  desk,
  newPhone,
}) => {
  const { job } = await prepared(desk, () => newPhone({ camera: 'refused' }), {
    'visit/arrived_at': Date.now(),
  });
  const parts = await job.part('parts');
  await parts.getByRole('button', { name: job.words('add-part'), exact: true }).click();
  await job.tap('serial-scan');
  await expect(job.sheet().getByRole('alert')).toHaveText(job.words('serial-scan-refused'));
  await job.saveSheet({ 'add-name': '轴承 6205', 'add-serial': 'SKF-0002' });
  await expect(parts).toContainText('SKF-0002');
});

test('C5 a report is due by the level, shows when it is missed, and starts the clock anew', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const { phone, job, record } = await prepared(desk, newPhone, {
    'intake/level': 'critical',
    'visit/arrived_at': Date.now() - 40 * 60_000,
    'visit/met': BOSS.name,
  });
  const office = await newConsole();
  await office.signIn(people.manager.login);
  const flags = office.page.locator(`#job-${record} .c-flags`);
  await expect(flags).toContainText(office.words('report-missed'));
  await office.page.goto(`/jobs/${record}`);
  await expect(office.part('job-head')).toContainText(office.words('report-missed'));

  const clock = phone.page.locator('[data-clock="report"]');
  await expect(clock).toHaveAttribute('data-urgency', 'over');
  await job.expectNext('tell');
  await job.next('tell');
  await job.saveSheet({ 'add-person': BOSS.name, 'add-text': '轴承已拆下，两小时内装好' });
  await expect(clock).toHaveAttribute('data-urgency', 'waiting');
  await job.expectNext('step');
  const manager = await job.part('reports');
  await manager.getByRole('button', { name: job.words('add-report'), exact: true }).click();
  await job.sheet().getByRole('radio', { name: job.words('to-manager'), exact: true }).click();
  await job.saveSheet({ 'add-text': '按计划' });
  const { reports } = await merged(phone, desk, record);
  const told = listOf(reports) as unknown as Record<string, unknown>[];
  expect(told.map(({ to, text }) => `${to} ${text}`).sort()).toEqual([
    'customer 轴承已拆下，两小时内装好',
    'manager 按计划',
  ]);
  await office.page.goto('/');
  await expect(flags).not.toContainText(office.words('report-missed'));
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

test('C6 where the customer doubts, a fault analysis is asked for', async ({ desk, newPhone }) => {
  const { phone, job, record } = await prepared(desk, newPhone, { 'visit/arrived_at': Date.now() });
  await job.addStep('更换轴承');
  await job.next('report');
  const analysis = phone.page.locator('.field[data-path="report/analysis"]');
  await expect(analysis, 'nobody doubts yet').toHaveCount(0);
  await phone.page.getByRole('checkbox', { name: job.words('field-report-doubted') }).check();
  await expect(analysis, 'now there is one to write').toBeVisible();
  await job.next('finish-report');
  const problem = phone.page.getByRole('alert');
  await expect(problem).toContainText(job.words('field-report-analysis'));
  await analysis.locator('textarea').fill('润滑脂化验：含水 3 %，与进水痕迹一致');
  await job.fillReport({ outcome: 'solved', cause: '轴承进水', treatment: '更换轴承' });
  const { report } = await merged(phone, desk, record);
  expect(report).toMatchObject({ doubted: true, analysis: '润滑脂化验：含水 3 %，与进水痕迹一致' });
});

test('C7 a backup enters the dossier, and the newest good version is found', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const office = await newConsole();
  await office.signIn(people.manager.login);
  const dossier = await office.openDossier('River Mill', { contract: 'C-17' });
  const { phone, job } = await prepared(desk, newPhone, { 'visit/arrived_at': Date.now() });
  const backups = await job.part('backups');
  await backups.getByRole('button', { name: job.words('choose-the-customer') }).click();
  await job.sheet().getByRole('radio', { name: 'River Mill', exact: true }).click();
  for (const [version, tested] of [['V2.3', true], ['V2.4', false]] as const) {
    await backups.getByRole('button', { name: job.words('add-backup'), exact: true }).click();
    if (tested) await job.sheet().getByRole('checkbox').check();
    const place = { 'add-medium': 'USB stick', 'add-place': 'Safe 2' };
    await job.saveSheet({ 'add-system': 'Press PLC', 'add-version': version, ...place });
  }
  await expect(backups.locator('[data-good="true"]')).toContainText('V2.3');
  await backups.locator('[data-good="false"]').click();
  await job.tap('backup-tested');
  await job.tap('close');
  await expect(backups.locator('[data-good="true"]'), 'the newest that was tested').toContainText('V2.4');

  await phone.screen.back();
  await phone.screen.search('press plc');
  const found = phone.page.locator('[data-found="backup"] li');
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('V2.4');
  await found.getByRole('link').click();
  await expect(phone.page.getByRole('heading', { name: 'River Mill' })).toBeVisible();
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);

  await office.page.goto(`/dossiers/${dossier}`);
  const row = office.part('backups').getByRole('row').filter({ hasText: 'V2.4' });
  await expect(row).toContainText(office.words('newest-good'));
  await row.getByRole('button', { name: office.words('approve-backup') }).click();
  await expect(row).toContainText(people.manager.name);
  await expect(phone.page.locator('[data-good="true"]')).not.toContainText(job.words('approval-waits'));
});

test('C8 the report is complete before it can be finished, and the job before it is filed', async ({
  desk,
  newPhone,
  newConsole,
}) => {
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
  const office = await newConsole();
  await office.signIn(people.manager.login);
  await office.page.goto(`/jobs/${record}`);
  await expect(office.part('lacks')).toContainText(office.words('lack-signature'));
  await expect(office.button('archive-job')).toHaveCount(0);
  await phone.loseCoverage();
  await job.haveItSigned(BOSS);
  await merged(phone, desk, record);
  await office.button('archive-job').click();
  await expect(office.button('unarchive')).toBeVisible();
});
