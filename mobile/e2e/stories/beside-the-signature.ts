// A customer signs on one phone while a colleague, without coverage, goes on writing on another.
// Both is kept: the office sees the late edit beside the signed version, an amendment opens the
// report again, a new signature follows, and both proofs hold. Whose value lost is told so.
import { docket, people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = 'Flow meter 3 reads high';
const LATE = 'Check the bearing every quarter';
const REPORT = { outcome: 'solved', cause: '轴承磨损', treatment: 'Bearing replaced' };
const SIGNATORY = { name: '王芳', title: '厂长' };
const REASON = 'The advice was missing';

test('a late edit, an amendment and two signatures, all kept', async ({
  desk,
  newConsole,
  newPhone,
}) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name, people.lin.name);
  const office = await newConsole();
  await office.signIn(people.desk.login);
  const adas = await newPhone();
  const lins = await newPhone({ language: 'zh' });
  await adas.screen.signIn(people.ada.login);
  await lins.screen.signIn(people.lin.login);
  const ada = await adas.screen.openJob(TITLE);
  const lin = await lins.screen.openJob(TITLE);

  await test.step('without coverage, one has it signed and the other goes on writing', async () => {
    await Promise.all([adas.loseCoverage(), lins.loseCoverage()]);
    await ada.writeNow('visit/arrived_at');
    await ada.addStep('Replaced the bearing');
    await ada.write('intake/caller', 'Ms Wang');
    await ada.writeReport(REPORT);
    await ada.haveItSigned(SIGNATORY);
    await lin.write('report/advice', LATE);
    await lin.write('intake/caller', 'Mr Li');
  });

  await test.step('both sync', async () => {
    for (const phone of [adas, lins, adas]) {
      await phone.findCoverage();
      await phone.screen.expectUnsent(0);
    }
  });

  await test.step('the office lists the late edit beside the signed version', async () => {
    await office.page.goto('/');
    await office.page.getByRole('link', { name: TITLE }).click();
    const signoffs = office.part('signoffs');
    await expect(signoffs).toContainText(LATE);
    await expect(signoffs).toContainText(people.lin.name);
    await expect(signoffs.getByText(office.words('signoff-valid'), { exact: true })).toBeVisible();
  });

  await test.step('so does the phone it was signed on, and the one it was written on', async () => {
    for (const job of [ada, lin]) {
      await expect((await job.part('signoffs')).locator('[data-late]')).toContainText(LATE);
    }
  });

  await test.step('whoever wrote the value that lost is told, and agrees', async () => {
    await Promise.all([adas.goTo('/jobs'), lins.goTo('/jobs')]);
    const notice = '[data-notice=changed]';
    const told = (await adas.page.locator(notice).isVisible()) ? adas : lins;
    await told.page.locator(notice).click();
    const card = told.page.locator('[data-overruled="intake/caller"]');
    await expect(card).toContainText('Ms Wang');
    await expect(card).toContainText('Mr Li');
    await told.reload();
    await expect(card).toBeVisible();
    await card.getByRole('button', { name: told.screen.words('overruled-agree') }).click();
    await expect(told.page.getByText(told.screen.words('overruled-none'))).toBeVisible();
    await told.goTo('/jobs');
    await expect(told.page.locator(notice)).toBeHidden();
  });

  await test.step('an amendment opens the report, and it is signed anew', async () => {
    await adas.goTo('/jobs');
    await adas.screen.filter('stage-signed');
    const job = await adas.screen.openJob(TITLE);
    await job.amend(REASON);
    await job.expectStage('reported');
    await job.write('report/cause', '轴承磨损，缺油');
    await job.haveItSigned(SIGNATORY);
    await job.expectStage('signed');
    await adas.screen.expectUnsent(0);
  });

  await test.step('both signatures stand at the office, and both proofs hold', async () => {
    const signoffs = office.part('signoffs');
    const proofs = signoffs.getByRole('link', { name: office.words('proof-download') });
    await expect(proofs).toHaveCount(2);
    await expect(signoffs).toContainText(REASON);
    for (const place of [0, 1]) {
      const download = office.page.waitForEvent('download');
      await proofs.nth(place).click();
      await docket(['verify', await (await download).path()]);
    }
    await signoffs.getByRole('link', { name: office.words('signed-version') }).first().click();
    await expect(office.page.getByText(office.words('verify-valid'))).toBeVisible();
    await expect(office.page.getByText(LATE)).toBeHidden();
  });
});
