// E1: what a contract promises, the clocks of its jobs, pauses, late evidence and escalation.
import { axeViolations } from '../harness/ergonomics';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const CUSTOMER = '江北水厂';
const TITLE = '称重数据跳变';
const HOUR = 3_600_000;

/** A moment as its control takes it. */
function localTime(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - offset).toISOString().slice(0, 16);
}

test('E1 a contract sets the clocks; late evidence, a pause and an escalation show', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const office = await newConsole({ language: 'en' });
  await office.signIn(people.manager.login);
  const clock = (kind: string) => office.page.locator(`[data-clock="${kind}"]`);

  const dossier = await test.step('a contract promises for a fault level', async () => {
    const id = await office.openDossier(CUSTOMER, { contract: 'HD-2026-017' });
    const levels = office.part('levels');
    await levels.getByRole('link', { name: office.words('add') }).click();
    await levels.locator('[name="value:levels/level"]').selectOption('major');
    await levels.locator('[name="value:levels/response_minutes"]').fill('60');
    await levels.locator('[name="value:levels/on_site_minutes"]').fill('120');
    await levels.locator('[name="value:levels/recovery_minutes"]').fill('1440');
    await levels.getByRole('button', { name: office.words('save'), exact: true }).click();
    await expect(levels.getByRole('cell', { name: office.words('level-major') })).toBeVisible();
    return id;
  });

  const job = await desk.openJob(
    {
      'intake/title': TITLE,
      'intake/customer': CUSTOMER,
      'intake/dossier': dossier,
      'intake/level': 'major',
      'intake/mode': 'on_site',
      // The call came long enough ago for what was promised to be over.
      'intake/opened_at': Date.now() - 3 * HOUR,
    },
    people.ada.name,
  );
  const phone = await newPhone({ language: 'zh' });
  await phone.screen.signIn(people.ada.login);
  const page = await phone.screen.openJob(TITLE);
  await expect(phone.page.locator('[data-clock="on-site"]')).toHaveAttribute('data-urgency', 'over');
  await office.page.goto(`/jobs/${job}`);

  await test.step('what is missed is told to the manager, in the console', async () => {
    await expect(clock('response')).toContainText(office.words('clock-state-missed'));
    await expect(clock('on_site')).toContainText(office.words('clock-state-missed'));
    await expect(async () => {
      await office.page.goto('/notices');
      await expect(office.part('notices')).toContainText(TITLE);
    }).toPass();
    expect(await axeViolations(office.page)).toEqual([]);
    const count = office.page.locator('header nav .count');
    await expect(count).toHaveText('2');
    await office.page.getByRole('button', { name: /seen all 2/ }).click();
    await expect(count).toHaveCount(0);
    await expect(office.part('notices')).toContainText(people.manager.name);
  });

  await test.step('the arrival, written without coverage, comes late and was in time', async () => {
    await phone.loseCoverage();
    await page.write('visit/arrived_at', localTime(Date.now() - 2 * HOUR - 300_000));
    await expect(phone.page.locator('[data-clock="on-site"]')).toHaveCount(0);
    await phone.screen.expectUnsent(1);
    await office.page.goto(`/jobs/${job}`);
    await expect(clock('on_site')).toContainText(office.words('clock-state-missed'));
    await phone.findCoverage();
    await phone.screen.expectUnsent(0);
    await expect(clock('on_site')).toContainText(office.words('clock-state-kept-learned-late'));
    await expect(clock('response')).toContainText(office.words('clock-state-kept-learned-late'));
    await expect(clock('recovery')).toContainText(office.words('clock-state-running'));
  });

  await test.step('a pause with its reason holds what still runs', async () => {
    const clocks = office.part('clocks');
    await clocks.locator('[name=reason]').fill('The customer waits for a part');
    await clocks.getByRole('button', { name: office.words('pause-clocks'), exact: true }).click();
    await expect(clock('recovery')).toContainText(office.words('clock-state-paused'));
    await expect(clocks).toContainText('The customer waits for a part');
    expect(await axeViolations(office.page)).toEqual([]);
    await office.page.goto('/?clock=paused');
    await expect(office.part('board')).toContainText(TITLE);
    await office.page.goto(`/jobs/${job}`);
    await clocks.getByRole('button', { name: office.words('resume-clocks'), exact: true }).click();
    await expect(clock('recovery')).toContainText(office.words('clock-state-running'));
  });

  await test.step('the page of what is promised lists the contract', async () => {
    await office.page.goto('/levels');
    await expect(office.part('contracts')).toContainText(CUSTOMER);
    expect(await axeViolations(office.page)).toEqual([]);
  });
});
