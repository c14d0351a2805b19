// What the office prints of work that phones did without coverage, and what whoever gets the
// paper can find out about it. The numbers are those of the service standard.
import { readFile } from 'node:fs/promises';
import { drawName } from '../harness/drawing';
import { axeViolations } from '../harness/ergonomics';
import { withChange } from '../harness/pdf';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = '称重数据跳变';
const SIGNATORY = { name: '王芳', title: '厂长' };
const REPORT = { outcome: 'solved', cause: '接地不良', treatment: '紧固接地线' };

/** A day in the middle of the quarter before this one. */
function lastQuarter(): number {
  const now = new Date();
  const quarter = new Date(now.getFullYear(), Math.floor(now.getMonth() / 3) * 3, 1);
  return quarter.getTime() - 45 * 86_400_000;
}

test('C8 a report signed on a phone is printed, and whoever has the PDF can check it', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  await desk.openJob({ 'intake/title': TITLE, 'intake/customer': '江北水厂' }, people.ada.name);
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
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);

  const office = await newConsole({ language: 'zh' });
  await office.signIn(people.manager.login);
  await office.page.getByRole('link', { name: TITLE }).first().click();
  const link = office.part('papers').getByRole('link', { name: office.words('service-report') });
  const [file] = await Promise.all([office.page.waitForEvent('download'), link.click()]);
  const pdf = await readFile(await file.path());
  expect(file.suggestedFilename()).toMatch(/-report\.pdf$/);
  expect(pdf.toString('latin1')).toMatch(/^%PDF-1\.7/);

  const stranger = await newConsole({ language: 'zh' });
  const verify = async (bytes: Buffer) => {
    await stranger.page.goto('/verify');
    const chosen = { name: 'report.pdf', mimeType: 'application/pdf', buffer: bytes };
    await stranger.page.locator('input[type=file]').setInputFiles(chosen);
    await stranger.button('verify-check').click();
    return stranger.page.getByRole('status');
  };
  await test.step('identical', async () => {
    await expect(await verify(pdf)).toContainText(stranger.words('verify-identical'));
    await expect(stranger.page.locator('main')).toContainText(REPORT.cause);
    await expect(stranger.page.locator('main')).toContainText(SIGNATORY.name);
    expect(await axeViolations(stranger.page)).toEqual([]);
  });
  await test.step('changed, and which field', async () => {
    const changed = withChange(pdf, '{"content":', REPORT.cause, '接地良好');
    const found = await verify(changed);
    await expect(found).toContainText(stranger.words('verify-paper-changed'));
    await expect(found.getByRole('listitem')).toHaveText([stranger.words('field-report-cause')]);
    await expect(stranger.page.locator('main')).not.toContainText(SIGNATORY.name);
    expect(await axeViolations(stranger.page)).toEqual([]);
  });
  await test.step('the code on the paper leads to what a stranger may know', async () => {
    const proof = await office.page.request.get(
      (await office.part('signoffs').getByRole('link', { name: office.words('proof-download') })
        .getAttribute('href')) ?? '',
    );
    const { statement } = (await proof.json()) as {
      statement: { signoff: string; content_digest: string };
    };
    const digest = statement.content_digest.slice(0, 32);
    await stranger.page.goto(`/verify?signoff=${statement.signoff}&digest=${digest}`);
    await expect(stranger.page.getByRole('status')).toContainText(
      stranger.words('verify-code-known'),
    );
    await expect(stranger.page.locator('main')).not.toContainText(REPORT.cause);
  });
});

test('D2 D3 a quarterly report is issued, and issued anew when work arrives late', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const call = { 'intake/title': TITLE, 'intake/symptom': TITLE, 'intake/customer': '江北水厂' };
  await desk.openJob({ ...call, 'intake/opened_at': lastQuarter() }, people.ada.name);
  const phone = await newPhone({ language: 'zh' });
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  await job.addStep('紧固接地线');
  await job.writeReport(REPORT);

  const office = await newConsole({ language: 'en' });
  await office.signIn(people.manager.login);
  await office.page.goto('/statistics');
  await office.page.getByRole('link', { name: office.words('statistics-previous') }).click();
  const issue = (version: number) =>
    office.page.getByRole('button', { name: office.words('issue-next', { version }) });
  await issue(1).click();
  await expect(office.part('issues')).toContainText(people.manager.name);
  await expect(issue(2)).toHaveCount(0);

  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  await office.page.reload();
  const changed = office.part('issues').getByRole('row', { name: office.words('statistics-solved') });
  await expect(changed.first()).toContainText('1');
  expect(await axeViolations(office.page)).toEqual([]);
  await issue(2).click();
  const unchanged = office.words('issue-unchanged', { version: 2 });
  await expect(office.part('issues')).toContainText(unchanged);

  await test.step('the first version still says what it said', async () => {
    const first = office.words('issue-version', { version: 1 });
    await office.part('issues').getByRole('link', { name: first }).click();
    const label = office.page.locator('dt').getByText(office.words('statistics-solved'), { exact: true });
    const solved = office.part('figures').locator('div', { has: label }).locator('b');
    await expect(solved).toHaveText('0');
    const [file] = await Promise.all([
      office.page.waitForEvent('download'),
      office.page.locator('.files').getByRole('link', { name: 'PDF', exact: true }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/-v1\.pdf$/);
    expect((await readFile(await file.path())).toString('latin1')).toMatch(/^%PDF/);
  });
});
