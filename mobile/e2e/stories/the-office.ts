// What the office lists, counts and takes in, over work that phones did without coverage. The
// numbers are those of the service standard.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { drawName } from '../harness/drawing';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = '称重数据跳变';
const SIGNATORY = { name: '王芳', title: '厂长' };
const REPORT = { outcome: 'solved', cause: '接地不良', treatment: '紧固接地线' };

async function download(page: Page, link: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: link, exact: true }).click(),
  ]);
  return (await readFile(await file.path())).toString();
}

test('A6 D1 D3 the record of a period lists what phones did, carries on what is open, and is saved', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const before = Date.now() - 200 * 86_400_000;
  const old = { 'intake/title': '老问题', 'intake/symptom': '=老问题' };
  await desk.openJob({ ...old, 'intake/opened_at': before }, people.lin.name);
  const call = { 'intake/title': TITLE, 'intake/symptom': TITLE };
  await desk.openJob({ ...call, 'intake/customer': '江北水厂' }, people.ada.name);
  const phone = await newPhone({ language: 'zh' });
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  await job.addStep('紧固接地线');
  await job.writeReport(REPORT);

  const office = await newConsole({ language: 'zh' });
  await office.signIn(people.manager.login);
  await office.page.getByRole('link', { name: office.words('nav-reports') }).click();
  await expect(office.part('carried')).toContainText('老问题');
  await expect(office.part('opened')).toContainText(TITLE);
  await expect(office.part('opened')).toContainText(office.words('standing-open'));
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  await office.page.reload();
  await expect(office.part('opened')).toContainText(office.words('standing-solved'));
  await expect(office.part('opened')).toContainText(REPORT.treatment);

  await test.step('the filter applies by itself and is the address', async () => {
    await office.page.getByRole('link', { name: office.words('records-group-customer') }).click();
    await expect(office.page.getByRole('rowheader', { name: '江北水厂' })).toBeVisible();
    await office.page.locator('select[name=customer]').selectOption('江北水厂');
    await expect(office.page).toHaveURL(/group=customer.*customer=|customer=.*group=customer/);
    await expect(office.page.locator('main')).not.toContainText('老问题');
  });
  await test.step('what is shown is saved, and nothing in it is a formula', async () => {
    expect(await download(office.page, 'CSV')).toContain(TITLE);
    await office.page.goto('/records');
    const all = await download(office.page, 'CSV');
    expect(all).toContain("'=老问题");
    expect(await download(office.page, 'XLSX')).toMatch(/^PK/);
  });
  await test.step('the job is one key away', async () => {
    await office.page.keyboard.press('ArrowDown');
    await office.page.keyboard.press('Enter');
    await expect(office.page).toHaveURL(/\/jobs\//);
  });
});

test('D2 E7 the statistics of a quarter count late work when it arrives', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const call = { 'intake/title': TITLE, 'intake/customer': '江北水厂' };
  await desk.openJob(call, people.ada.name);
  const phone = await newPhone({ language: 'zh' });
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  await job.addStep('紧固接地线');
  await job.writeReport(REPORT);
  await job.next('sign');
  await job.signAs(SIGNATORY, 'accepted', async () => {
    await phone.page.getByRole('radio', { name: job.words('satisfaction-5') }).click();
  });
  await drawName(phone.page);
  await phone.page.getByRole('button', { name: job.words('signature-accept'), exact: true }).click();
  await job.tap('close');
  await job.expectStage('signed');

  const office = await newConsole({ language: 'en' });
  await office.signIn(people.manager.login);
  await office.page.goto('/statistics');
  const figure = (id: string) => {
    const label = office.page.locator('dt').getByText(office.words(id), { exact: true });
    return office.part('figures').locator('div', { has: label }).locator('b');
  };
  await expect(figure('statistics-received')).toHaveText('1');
  await expect(figure('statistics-solved')).toHaveText('0');
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  await office.page.reload();
  await expect(figure('statistics-solved')).toHaveText('1');
  await expect(figure('statistics-first-time')).toHaveText('100%');
  await expect(figure('statistics-satisfaction')).toHaveText('5.0');
  await expect(office.part('completeness')).toContainText(office.words('statistics-running'));

  await test.step('a chart has its table, and a name leads to its records', async () => {
    await expect(office.part('weeks').getByRole('img')).toBeVisible();
    await office.part('weeks').getByText(office.words('statistics-as-table')).click();
    await expect(office.part('weeks').getByRole('cell', { name: '1' }).first()).toBeVisible();
    await office.part('by-customers').getByRole('link', { name: '江北水厂' }).click();
    await expect(office.part('opened')).toContainText(TITLE);
  });
  await test.step('the board of phones knows how much room this phone has left', async () => {
    await office.page.goto('/fleet');
    const room = office.part('fleet').locator(`[data-label="${office.words('fleet-room')}"]`);
    await expect(room).toHaveText(/^\s*\d+\.\d GB\s*$/);
  });
  await test.step('and is a file', async () => {
    await office.page.goto('/statistics');
    expect(await download(office.page, 'CSV')).toContain('江北水厂,1,1,');
  });
});

test('a phone without any network gives its work to the desk as a file, as often as it likes', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const record = await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  await job.addStep('Freed the spindle');
  await phone.screen.back();
  await phone.screen.visit('me');
  const saved = phone.page.waitForEvent('download');
  await phone.screen.button('evacuation-save').click();
  const file = await (await saved).path();

  const office = await newConsole();
  await office.signIn(people.desk.login);
  for (const [taken, known] of [[1, 0], [0, 1]] as const) {
    await office.page.goto('/hand-in');
    await office.page.locator('input[type=file]').setInputFiles(file);
    await office.button('hand-in-take').click();
    const said = office.words('hand-in-verdict', { taken, known, waiting: 0, refused: 0 });
    await expect(office.page.getByText(said)).toBeVisible();
  }
  await office.page.getByRole('link', { name: TITLE }).click();
  await expect(office.part('steps')).toContainText('Freed the spindle');
  expect(JSON.stringify(await desk.content(record))).toContain('Freed the spindle');
});
