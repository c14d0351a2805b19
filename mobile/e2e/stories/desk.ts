// The service desk's day at a desk, with phones that sync: calls, promises, clocks, the dossier, the
// backup check, calls afterwards. The numbers are those of the service standard; what the office
// reads and counts is in the-office.ts, equipment is in assets.ts.
import type { Page } from '@playwright/test';
import type { Console } from '../harness/console';
import type { Content } from '../harness/desk';
import { DEMO_DESK, DEMO_PASSWORD, people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = '称重数据跳变';
const HOUR_MS = 3_600_000;
const listOf = (part: unknown) => Object.values((part ?? {}) as Record<string, Content[string]>);
const idOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? '';

/** A moment as its control takes it. */
function localTime(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - offset).toISOString().slice(0, 16);
}

/** Writes fields into the form of an entry, by the last part of their names, and saves it. */
async function saveEntry(office: Console, part: string, fields: Record<string, string>) {
  const form = office.part(part).locator('form[data-typing]');
  for (const [field, text] of Object.entries(fields)) {
    const control = form.locator(`[name^="value:"][name$="/${field}"]`);
    const select = (await control.evaluate((it) => it.tagName)) === 'SELECT';
    await (select ? control.selectOption({ label: text }) : control.fill(text));
  }
  await form.getByRole('button', { name: office.words('save'), exact: true }).click();
  await expect(form).toHaveCount(0);
}

async function addTo(office: Console, part: string, fields: Record<string, string>) {
  await office.part(part).getByRole('link', { name: office.words('add') }).click();
  await saveEntry(office, part, fields);
}

async function editIn(office: Console, part: string, row: string, fields: Record<string, string>) {
  const line = office.part(part).getByRole('row').filter({ hasText: row });
  await line.getByRole('link', { name: office.words('edit') }).click();
  await saveEntry(office, part, fields);
}

test.describe('with the customers of a whole organisation', () => {
  test.use({ organisation: 'demo' });

  const ENGINEER = { login: 'wangjianguo', name: '王建国' };
  const CUSTOMER = '东湖精密制造有限公司';
  const CALLER = { name: '马志强', phone: '027-5550 6601' };

  test('A1 A3 A5 a call is logged at the desk while it is heard, and the same record grows on the phone', async ({
    desk,
    newConsole,
    newPhone,
  }) => {
    const office = await newConsole({ language: 'zh' });
    const { page } = office;
    await office.signIn(DEMO_DESK, DEMO_PASSWORD);
    const intake = (field: string) => page.locator(`[name="value:intake/${field}"]`);
    const suggested = (list: string, value: string) =>
      expect(page.locator(`#${list} option[value="${value}"]`)).toHaveCount(1);

    await test.step('the customer is found by typing a part of the name', async () => {
      await page.getByRole('link', { name: office.words('new-job') }).first().click();
      const customer = page.locator('.customer-first input[name=customer]');
      await customer.pressSequentially('东湖');
      await suggested('customers', CUSTOMER);
      await customer.press('Enter');
      await expect(customer).toHaveValue(CUSTOMER);
      await expect(page.locator('input[name=dossier]')).toHaveValue(/^[0-9a-f-]{36}$/);
    });
    await test.step('the dossier knows the caller, the catalog the category', async () => {
      await suggested('callers', CALLER.name);
      await suggested('phones', CALLER.phone);
      await suggested('sites', '一号车间');
      await suggested('categories', '工控与PLC');
    });
    const heard = {
      title: TITLE,
      symptom: '称重数据跳变\n满载时明显',
      demand: '夜班前恢复',
      site: '一号车间',
      caller: CALLER.name,
      department: '设备部',
      phone: CALLER.phone,
      category: '工控与PLC',
    };
    for (const [field, text] of Object.entries(heard)) await intake(field).fill(text);
    for (const word of ['level-major', 'mode-on-site']) {
      await page.locator('.choices label').getByText(office.words(word), { exact: true }).click();
    }
    const lead = page.locator('select[name=lead] option').filter({ hasText: ENGINEER.name });
    await page.locator('select[name=lead]').selectOption((await lead.getAttribute('value')) ?? '');
    await office.button('new-job-open').click();
    await expect(page.getByRole('heading', { level: 1, name: TITLE })).toBeVisible();
    const job = (await desk.content(idOf(page))) as Content;
    expect(job.intake).toMatchObject({ ...heard, customer: CUSTOMER, level: 'major', mode: 'on_site' });
    expect(job.intake?.dossier).toMatch(/^[0-9a-f-]{36}$/);

    await test.step('A5 nothing is typed twice: the phone goes on with the same record', async () => {
      const phone = await newPhone({ language: 'zh' });
      await phone.screen.signInToDemo(ENGINEER.login);
      const record = await phone.screen.openJob(TITLE);
      await expect(await record.field('intake/demand')).toContainText('夜班前恢复');
      await phone.loseCoverage();
      await record.addStep('紧固接地线');
      await record.writeReportAnyway({ outcome: 'solved', cause: '接地不良', treatment: '紧固接地线' });
      await phone.findCoverage();
      await phone.screen.expectUnsent(0);
      await expect(office.part('steps')).toContainText('紧固接地线');
      await expect(office.part('report')).toContainText('接地不良');
      await expect(office.part('intake')).toContainText('夜班前恢复');
    });
  });

  test('B1 before the job one sees the customer’s whole dossier, and what was promised there', async ({
    desk,
    newConsole,
  }) => {
    const office = await newConsole({ language: 'zh' });
    const { page } = office;
    await office.signIn(DEMO_DESK, DEMO_PASSWORD);
    await page.goto('/dossiers');
    await page.locator('main input[name=query]').fill('东湖');
    await page.locator('main input[name=query]').press('Enter');
    await page.locator('main').getByRole('link', { name: CUSTOMER, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: CUSTOMER })).toBeVisible();
    const dossier = idOf(page);
    const device = '条码打印机 · ZP-420 · ZP420-10293';
    const job = await desk.openJob(
      {
        'intake/title': TITLE,
        'intake/customer': CUSTOMER,
        'intake/dossier': dossier,
        'intake/equipment': device,
      },
      ENGINEER.name,
    );
    await page.goto(`/jobs/${job}`);
    await addTo(office, 'promises', {
      text: '今天 17 点前回电',
      due_at: localTime(Date.now() - HOUR_MS),
    });

    await page.locator('#job-head').getByRole('link', { name: CUSTOMER }).click();
    await expect(office.part('sites')).toContainText('一号车间');
    await expect(office.part('contacts')).toContainText(CALLER.name);
    await expect(office.part('contacts')).toContainText(office.words('field-contacts-reports-to'));
    await expect(office.part('equipment')).toContainText('ZP420-10293');
    await expect(office.part('equipment'), 'software versions').toContainText('固件 2.18');
    await expect(office.part('backups')).toContainText('V3.2');
    await expect(office.part('jobs')).toContainText(TITLE);
    await expect(office.part('promises')).toContainText('今天 17 点前回电');
    await expect(office.part('promises')).toContainText(office.words('overdue'));

    await test.step('a device leads from the list of all to its place here, with its history', async () => {
      await page.goto('/assets?query=ZP420-10293');
      await office.part('assets').getByRole('link', { name: '条码打印机' }).click();
      await expect(office.part('asset')).toContainText(TITLE);
      await expect(page.locator('tr:target')).toContainText('ZP420-10293');
    });
  });
});

test('A2 a promise made at the desk stays in sight until it is kept, or withdrawn with a reason', async ({
  desk,
  newConsole,
  newPhone,
}) => {
  const office = await newConsole({ language: 'en' });
  await office.signIn(people.desk.login);
  await expect(office.part('board')).toBeVisible();
  await office.openJob({ title: TITLE, customer: '江北水厂' });
  const record = idOf(office.page);
  const due = localTime(Date.now() + HOUR_MS);
  const owner = people.ada.name;
  await addTo(office, 'promises', { text: 'Call back within the hour', due_at: due, owner });
  await addTo(office, 'promises', { text: 'Send the spare part', due_at: due });
  await office.assign(people.ada.name);
  const phone = await newPhone({ language: 'en' });
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  const promises = await job.part('promises');
  await expect(promises).toContainText('Call back within the hour');
  await expect(promises).toContainText('Send the spare part');

  await editIn(office, 'promises', 'Call back', { kept_at: localTime(Date.now()) });
  await editIn(office, 'promises', 'Send the spare', { withdrawn: 'They have one' });
  await expect(promises).toContainText('They have one');
  const { promises: kept } = (await desk.content(record)) as Content;
  const byText = new Map(listOf(kept).map((one) => [one.text, one]));
  expect(Number(byText.get('Call back within the hour')?.kept_at)).toBeGreaterThan(0);
  expect(byText.get('Send the spare part')).toMatchObject({ withdrawn: 'They have one' });
});

test('A4 a critical call that nobody has is late at once, is told to the manager, and ends with its hand-over', async ({
  newConsole,
  newPhone,
}) => {
  const office = await newConsole({ language: 'en' });
  const { page } = office;
  await office.signIn(people.desk.login);
  await page.getByRole('link', { name: office.words('new-job') }).first().click();
  await page.locator('[name="value:intake/title"]').fill(TITLE);
  await page.locator('.choices label').getByText(office.words('level-critical'), { exact: true }).click();
  await office.button('new-job-open').click();
  const clock = page.locator('[data-clock="hand_over"]');
  await expect(clock).toContainText(office.words('clock-state-missed'));
  const job = page.url();

  const manager = await newConsole({ language: 'en' });
  await manager.signIn(people.manager.login);
  await expect(async () => {
    await manager.page.goto('/notices');
    await expect(manager.part('notices')).toContainText(TITLE);
  }).toPass();
  await manager.page.goto('/?stage=received&level=critical');
  await expect(manager.part('board')).toContainText(TITLE);

  await page.goto(job);
  await office.assign(people.ada.name);
  await expect(clock).toHaveCount(0);
  const phone = await newPhone({ language: 'en' });
  await phone.screen.signIn(people.ada.login);
  await phone.screen.openJob(TITLE);
  await expect(phone.page.locator('[data-clock="hand-over"]')).toHaveCount(0);
});

test('C7 D4 the backup check lists what phones changed, and an inspector ticks it off', async ({
  desk,
  newConsole,
  newPhone,
}) => {
  const office = await newConsole({ language: 'en' });
  const { page } = office;
  await office.signIn(people.manager.login);
  const dossier = await office.openDossier('江北水厂', { contract: 'HD-2026-017' });
  const about = { 'intake/customer': '江北水厂', 'intake/dossier': dossier };
  const jobs = ['PLC 限值调整', '只看了一眼'];
  for (const title of jobs) await desk.openJob({ ...about, 'intake/title': title }, people.ada.name);
  const phone = await newPhone({ language: 'en' });
  await phone.screen.signIn(people.ada.login);
  await phone.loseCoverage();
  for (const title of jobs) {
    const job = await phone.screen.openJob(title);
    await job.write('report/modifications', `${title}: 40 bar`);
    await job.writeReportAnyway({ outcome: 'solved', cause: '限值', treatment: '调整' });
    await phone.screen.back();
  }
  await page.goto('/backups');
  await expect(office.part('missing')).toContainText(office.words('backups-none-missing'));
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  await page.reload();
  for (const title of jobs) await expect(office.part('missing')).toContainText(title);

  await test.step('one needs none: an inspector says why, and it is in the record', async () => {
    const line = office.part('missing').getByRole('row').filter({ hasText: '只看了一眼' });
    await line.getByText(office.words('backups-tick'), { exact: true }).click();
    await line.locator('input[name=note]').fill('Nothing was changed');
    await line.getByRole('button', { name: office.words('backups-tick-really') }).click();
    await expect(office.part('ticked')).toContainText('Nothing was changed');
    await expect(office.part('missing')).not.toContainText('只看了一眼');
  });

  await test.step('the other gets one, which is complete with version and approval', async () => {
    await office.part('missing').getByRole('link', { name: office.words('backups-enter') }).click();
    await saveEntry(office, 'backups', { system: 'PLC' });
    await page.goto('/backups');
    const line = office.part('incomplete').getByRole('row').filter({ hasText: 'PLC' });
    await expect(line).toContainText(office.words('backups-no-version'));
    await line.getByRole('link', { name: office.words('edit') }).click();
    await saveEntry(office, 'backups', { version: 'V3.3' });
    await page.goto('/backups');
    await line.getByRole('button', { name: office.words('approve-backup') }).click();
    await expect(office.part('incomplete')).toContainText(office.words('backups-none-incomplete'));
  });
  await phone.screen.visit('customers');
  await phone.page.getByRole('link', { name: '江北水厂' }).click();
  await expect(phone.page.locator('#section-backups')).toContainText('V3.3');
});

test('D5 the desk calls again: the fault is back, the next job begins, and an opportunity is noted', async ({
  desk,
  newConsole,
  newPhone,
}) => {
  const call = { 'intake/title': TITLE, 'intake/customer': '江北水厂', 'intake/mode': 'on_site' };
  const arrived = { 'visit/arrived_at': Date.now(), 'visit/met': '王芳' };
  const record = await desk.openJob({ ...call, ...arrived }, people.ada.name);
  const phone = await newPhone({ language: 'zh' });
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  await job.addStep('紧固接地线');
  await job.writeReport({ outcome: 'solved', cause: '接地不良', treatment: '紧固接地线' });
  await job.haveItSigned({ name: '王芳', title: '厂长' });
  const office = await newConsole({ language: 'zh' });
  const { page } = office;
  await office.signIn(people.desk.login);
  await page.goto('/follow-ups');
  await expect(office.part('due')).not.toContainText(TITLE);
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  await page.reload();

  const due = page.locator(`#call-${record}`);
  await due.getByText(office.words('follow-ups-record'), { exact: true }).click();
  await due.locator('[name=result]').fill('三天后又出现跳变');
  await due.getByText(office.words('fault-is-back'), { exact: true }).click();
  await due.locator('[name=satisfaction]').selectOption('2');
  await due.locator('[name=opportunity]').fill('建议年度接地检测');
  await due.getByRole('button', { name: office.words('save'), exact: true }).click();
  await expect(due).toHaveCount(0);
  const made = office.part('made').getByRole('row').filter({ hasText: TITLE });
  await expect(made).toContainText('建议年度接地检测');
  await made.getByRole('button', { name: office.words('follow-ups-reopen') }).click();
  await expect(page).toHaveURL(/\/jobs\/[0-9a-f-]{36}/);
  expect(idOf(page)).not.toBe(record);
  await expect(office.part('intake')).toContainText('三天后又出现跳变');
  await expect(office.part('intake')).toContainText(String((await desk.job(record)).number));

  await office.assign(people.ada.name);
  await phone.screen.back();
  const next = await phone.screen.openJob(TITLE);
  await expect(await next.field('intake/symptom')).toContainText('三天后又出现跳变');
});

test('E5 who is on call is said at the desk, and is on the phone without coverage', async ({
  newConsole,
  newPhone,
}) => {
  const office = await newConsole({ language: 'en' });
  await office.signIn(people.manager.login);
  await office.page.goto('/duty');
  await expect(office.part('on-call')).toContainText(office.words('duty-nobody'));
  const [from, until] = [Date.now() - HOUR_MS, Date.now() + 8 * HOUR_MS].map(localTime);
  await addTo(office, 'duty', { person: people.lin.name, from: from ?? '', until: until ?? '' });
  await expect(office.part('on-call')).toContainText(people.lin.name);
  await office.page.goto('/');
  await expect(office.part('on-call')).toContainText(people.lin.name);

  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  await phone.loseCoverage();
  await phone.screen.visit('customers');
  const onCall = phone.page.getByRole('list', { name: phone.screen.words('duty-now') });
  await expect(onCall).toContainText(people.lin.name);

  await test.step('a turn that was taken back is over', async () => {
    await office.page.goto('/duty');
    const turn = office.part('duty').getByRole('row').filter({ hasText: people.lin.name });
    await turn.getByRole('link', { name: office.words('edit') }).click();
    const end = office.part('duty').locator('form[data-typing] [name$="/until"][name^="value:"]');
    await end.fill(from ?? '');
    await office.button('save').click();
    const refused = office.words('error-ends-before-begins');
    await expect(office.page.getByRole('status').filter({ hasText: refused })).toBeVisible();
    await end.fill(localTime(Date.now() - HOUR_MS / 2));
    await office.button('save').click();
    await expect(office.part('on-call')).toContainText(office.words('duty-nobody'));
    await phone.findCoverage();
    await expect(onCall).toBeHidden();
  });
});
