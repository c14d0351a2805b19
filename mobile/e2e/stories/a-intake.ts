// A. Intake, by telephone and without coverage: what is heard is written down once, and the office
// has it as soon as the phone is back. The numbers are those of the service standard.
import type { Content } from '../harness/desk';
import type { Phone } from '../harness/phone';
import { expect, test } from '../harness/story';

test.use({ organisation: 'demo' });

const ENGINEER = { login: 'wangjianguo', name: '王建国' };
const DESK = '陈静';
const CUSTOMER = '东湖精密制造有限公司';
const CALLER = { name: '马志强', phone: '027-5550 6601' };
const HOUR_MS = 3_600_000;

/** An engineer's phone that has the organisation on it and then loses coverage. */
async function outOfCoverage(phone: Phone): Promise<void> {
  await phone.screen.signInToDemo(ENGINEER.login);
  await phone.screen.expectStoredForOffline();
  await phone.screen.visit('jobs');
  await phone.loseCoverage();
}

async function backInCoverage(phone: Phone): Promise<void> {
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
}

const listOf = (part: Content[string] | undefined) => Object.values(part ?? {}) as Content[string][];

test('A1 a call is logged while it is heard, without coverage', async ({ desk, newPhone }) => {
  const phone = await newPhone({ language: 'zh' });
  await outOfCoverage(phone);
  const call = await phone.screen.takeCall();
  await call.write({ customer: '东湖' });
  await call.pick('customer', CUSTOMER);
  await call.pick('caller', CALLER.name);
  await expect(call.field('phone'), 'the dossier knows the number').toHaveValue(CALLER.phone);
  await call.pick('site', '一号车间');
  await call.write({ department: '设备部', symptom: '输送带停机\n无报警代码', demand: '夜班前恢复' });

  // The system kills the app in the middle of the call: every word is still there.
  await phone.killTab();
  await phone.goTo('/new');
  const again = phone.screen.call();
  await expect(again.field('customer')).toHaveValue(CUSTOMER);
  await expect(again.field('demand')).toHaveValue('夜班前恢复');
  await again.open('输送带停机');
  await phone.screen.expectUnsent(1);

  await backInCoverage(phone);
  const { intake } = await desk.contentOf('输送带停机');
  expect(intake).toMatchObject({
    customer: CUSTOMER,
    caller: CALLER.name,
    phone: CALLER.phone,
    department: '设备部',
    site: '一号车间',
    symptom: '输送带停机\n无报警代码',
    demand: '夜班前恢复',
  });
  expect(intake?.dossier, 'the job belongs to the dossier').toMatch(/^[0-9a-f-]{36}$/);
});

test('A1 a call saved as soon as its form is there again is the customer’s', async ({
  desk,
  newPhone,
}) => {
  const phone = await newPhone({ language: 'zh' });
  await outOfCoverage(phone);
  const call = await phone.screen.takeCall();
  await call.write({ customer: CUSTOMER, symptom: '输送带停机' });
  await phone.screen.back();
  await saveAtOnce(phone);
  await phone.goTo('/new');
  await phone.screen.job().expectOpen('输送带停机');

  await backInCoverage(phone);
  const { intake } = await desk.contentOf('输送带停机');
  expect(intake?.dossier, 'the job belongs to the dossier').toMatch(/^[0-9a-f-]{36}$/);
});

/** Taps *save* before anything that the form asks the core for can be answered. */
async function saveAtOnce({ page, screen }: Phone): Promise<void> {
  await page.evaluate((word) => {
    const hasty = new MutationObserver(() => {
      const buttons = [...document.querySelectorAll('button')];
      const save = buttons.find((button) => button.textContent?.trim() === word);
      if (!save || !document.querySelector('#new-symptom')) return;
      hasty.disconnect();
      save.click();
    });
    hasty.observe(document.body, { childList: true, subtree: true });
  }, screen.words('open-new-job'));
}

test('A1 a caller whom nobody knows is logged, too', async ({ desk, newPhone }) => {
  const phone = await newPhone({ language: 'en' });
  await outOfCoverage(phone);
  const call = await phone.screen.takeCall();
  const heard = {
    customer: 'Harbour Cold Storage',
    caller: 'Ruth Kay',
    department: 'Night shift',
    phone: '+44 20 5550 7788',
    site: 'Dock 4',
    equipment: 'Blast freezer 2',
    symptom: 'Display is blank',
    demand: 'Somebody before six',
  };
  await call.write(heard);
  await call.open('Display is blank');
  await backInCoverage(phone);
  const { intake } = await desk.contentOf('Display is blank');
  expect(intake).toMatchObject(heard);
  expect(intake?.dossier).toBeNull();
});

test('A2 every promise has a due time and an owner, and stays until kept or withdrawn', async ({
  desk,
  newPhone,
}) => {
  const phone = await newPhone({ language: 'zh' });
  await outOfCoverage(phone);
  const call = await phone.screen.takeCall();
  await call.write({ symptom: '打印机卡纸' });
  await call.promise({ text: '一小时内回电', due: 'soon-in-an-hour' });
  await call.promise({ text: '周五前寄出备件', due: '2026-01-09T17:00', owner: DESK });
  const job = await call.open('打印机卡纸');

  await test.step('both stay in sight: on the page and in the list, the late one as late', async () => {
    const promises = await job.part('promises');
    await expect(promises).toContainText('一小时内回电');
    await expect(promises).toContainText(DESK);
    await phone.screen.back();
    await expect(phone.screen.row('打印机卡纸')).toContainText(job.words('tally-promises', { count: 2 }));
    await phone.screen.openJob('打印机卡纸');
  });

  await test.step('one is kept, the other withdrawn, which needs a reason', async () => {
    const promises = await job.part('promises');
    const keptWords = job.words('promise-kept', { when: '' }).trim();
    await promises.getByText('一小时内回电').click();
    await job.tap('promise-keep');
    await expect(promises.getByText(keptWords)).toBeVisible();
    await promises.getByText('周五前寄出备件').click();
    await job.tap('promise-withdraw');
    await job.tap('promise-withdraw');
    await expect(job.sheet().getByRole('alert')).toHaveText(job.words('withdraw-needs-reason'));
    await job.sheet().locator('input').fill('用户自己已有备件');
    await job.tap('promise-withdraw');
    await expect(job.sheet()).toBeHidden();
    await expect(promises).toContainText('用户自己已有备件');
  });

  await test.step('one more is promised later', async () => {
    const promises = await job.part('promises');
    await promises.getByRole('button', { name: job.words('add-promise'), exact: true }).click();
    await job.saveSheet({ 'add-text': '发送维修报告' });
    await expect(promises).toContainText('发送维修报告');
  });

  await backInCoverage(phone);
  const { promises } = await desk.contentOf('打印机卡纸');
  const byText = new Map(listOf(promises).map((promise) => [promise.text, promise]));
  expect([...byText.keys()].sort()).toEqual(['一小时内回电', '发送维修报告', '周五前寄出备件']);
  const called = byText.get('一小时内回电');
  expect(Number(called?.due_at) - Number(called?.at)).toBeGreaterThan(HOUR_MS / 2);
  expect(Number(called?.kept_at)).toBeGreaterThanOrEqual(Number(called?.at));
  const sent = byText.get('周五前寄出备件');
  expect(sent).toMatchObject({ withdrawn: '用户自己已有备件' });
  expect(sent?.owner, 'somebody else keeps it').not.toBe(sent?.by);
  expect(byText.get('发送维修报告')?.kept_at).toBeNull();
});

test('A3 category, level and handling are chosen from what the organisation has', async ({
  desk,
  newPhone,
}) => {
  const phone = await newPhone({ language: 'zh' });
  await outOfCoverage(phone);
  const call = await phone.screen.takeCall();
  await call.write({ symptom: '机房温度过高' });
  await call.pick('category', '电源与UPS');
  await call.choose('level-critical');
  await call.choose('mode-remote');
  await call.open('机房温度过高');
  await backInCoverage(phone);
  const { intake } = await desk.contentOf('机房温度过高');
  expect(intake).toMatchObject({ category: '电源与UPS', level: 'critical', mode: 'remote' });
});

test('A4 the clock on a call runs until somebody has it', async ({ desk, newPhone }) => {
  const phone = await newPhone({ language: 'en' });
  await outOfCoverage(phone);
  const call = await phone.screen.takeCall();
  await call.write({ symptom: 'Badge reader dead' });
  await phone.page.clock.install();
  const job = await call.open('Badge reader dead');
  const clock = phone.page.locator('[data-clock="hand-over"]');

  await test.step('a day; then it warns, then it is over', async () => {
    await expect(clock).toHaveAttribute('data-urgency', 'waiting');
    await phone.page.clock.fastForward(21 * HOUR_MS);
    await expect(clock).toHaveAttribute('data-urgency', 'soon');
    await phone.page.clock.fastForward(4 * HOUR_MS);
    await expect(clock).toHaveAttribute('data-urgency', 'over');
  });

  await test.step('whoever heard it takes it on, and the clock is gone', async () => {
    await job.expectNext('hand-over');
    await job.next('keep');
    await job.expectStage('preparing');
    await expect(clock).toHaveCount(0);
  });

  await backInCoverage(phone);
  const { assignment } = await desk.contentOf('Badge reader dead');
  expect(assignment?.accepted_at).toBeGreaterThan(0);
});

test('A4 a critical call is late at once, and one that is kept is nobody else’s', async ({
  desk,
  newPhone,
}) => {
  const phone = await newPhone({ language: 'en' });
  await outOfCoverage(phone);
  const critical = await phone.screen.takeCall();
  await critical.write({ symptom: 'Smoke in the switch room' });
  await critical.choose('level-critical');
  const job = await critical.open('Smoke in the switch room');
  await expect(phone.page.locator('[data-clock="hand-over"]')).toHaveAttribute('data-urgency', 'over');
  await phone.screen.back();
  await expect(phone.screen.row('Smoke')).toContainText(job.words('hand-over-short-over'));

  const kept = await phone.screen.takeCall();
  await kept.write({ symptom: 'Door alarm beeps' });
  await kept.choose('taker-me');
  await (await kept.open('Door alarm beeps')).expectStage('preparing');
  await backInCoverage(phone);
  expect((await desk.contentOf('Door alarm beeps')).assignment?.accepted_at).toBeGreaterThan(0);
  expect((await desk.contentOf('Smoke in the switch room')).assignment?.lead).toBeNull();
});

test('A5 one record grows from call to report, and nothing is typed twice', async ({
  desk,
  newPhone,
}) => {
  const phone = await newPhone({ language: 'zh' });
  await outOfCoverage(phone);
  const call = await phone.screen.takeCall();
  await call.write({ symptom: '称重数据跳变\n满载时明显' });
  await call.choose('taker-me');
  await call.choose('mode-phone');
  const job = await call.open('称重数据跳变');
  await job.next('step');
  await job.saveSheet({ 'add-text': '请用户重新上电，数据恢复正常' });
  await job.next('report');
  const symptom = phone.page.locator('.field[data-path="report/symptom"]');
  await symptom.getByRole('button', { name: job.words('take-over'), exact: true }).click();
  await expect(symptom.locator('textarea')).toHaveValue('称重数据跳变\n满载时明显');
  await job.fillReport({ outcome: 'solved', cause: '接地不良', treatment: '重新上电' });
  await backInCoverage(phone);
  const content = await desk.contentOf('称重数据跳变');
  expect(content.report).toMatchObject({
    symptom: '称重数据跳变\n满载时明显',
    cause: '接地不良',
    outcome: 'solved',
  });
  expect(listOf(content.steps)).toHaveLength(1);
});
