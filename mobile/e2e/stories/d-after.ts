// D. After the job: the customer is called again some days later, without coverage. The numbers
// are those of the service standard.
import type { Content } from '../harness/desk';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = '称重数据跳变';
const DAY_MS = 86_400_000;
const SIGNATORY = { name: '王芳', title: '厂长' };
const listOf = (part: unknown) => Object.values((part ?? {}) as Record<string, Content[string]>);

test('D5 the follow-up call is due, recorded, and a fault that is back opens the next job', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const record = await desk.openJob(
    {
      'intake/title': TITLE,
      'intake/customer': '江北水厂',
      'intake/mode': 'on_site',
      'visit/arrived_at': Date.now(),
      'visit/met': SIGNATORY.name,
    },
    people.ada.name,
  );
  const phone = await newPhone({ language: 'zh' });
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  await phone.page.clock.install();
  await job.addStep('紧固接地线');
  await job.writeReport({ outcome: 'solved', cause: '接地不良', treatment: '紧固接地线' });
  await job.haveItSigned(SIGNATORY);
  const clock = phone.page.locator('[data-clock="follow-up"]');
  await expect(clock).toHaveAttribute('data-urgency', 'waiting');
  await phone.page.clock.fastForward(8 * DAY_MS);
  await expect(clock).toHaveAttribute('data-urgency', 'over');
  await job.expectNext('follow-up');

  await job.next('follow-up');
  await job.saveSheet({
    'add-result': '三天后又出现跳变',
    'add-satisfaction': '2',
    'add-opportunity': '建议年度接地检测',
  });
  await expect(clock).toHaveCount(0);
  const calls = await job.part('follow_ups');
  await expect(calls).toContainText(job.words('fault-is-back'));
  await calls.getByRole('button', { name: job.words('open-following'), exact: true }).click();
  await job.expectStage('received');
  await expect(await job.field('intake/symptom')).toContainText('三天后又出现跳变');
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);

  const { follow_ups } = (await desk.content(record)) as Content;
  expect(listOf(follow_ups)).toMatchObject([
    { result: '三天后又出现跳变', satisfaction: 2, solved: false, opportunity: '建议年度接地检测' },
  ]);
  const office = await newConsole({ language: 'zh' });
  await office.signIn(people.manager.login);
  await office.page.goto('/?stage=received');
  await office.page.getByRole('link', { name: TITLE }).first().click();
  await expect(office.part('intake')).toContainText(await numberOf(desk, record));
});

/** What people call a job. */
async function numberOf(desk: { job: (record: string) => Promise<Content[string]> }, record: string) {
  return String((await desk.job(record)).number);
}
