// When the phone itself fails its owner: each time the screen says what happened, what was kept
// and what to do, and nothing that was saved or typed is lost.
import { nextRelease, showsNextRelease } from '../harness/release';
import { people } from '../harness/server';
import type { JobScreen } from '../harness/job-screen';
import type { Phone } from '../harness/phone';
import type { Desk } from '../harness/desk';
import { expect, test } from '../harness/story';
import { fillStorage, freeStorage, moveClock, refusePersistence, trapCore } from '../harness/trouble';

const TITLE = 'Compressor 3 trips';
const YEAR_MS = 365 * 24 * 3_600_000;
/** More than fits into what the record's file has free already. */
const LONG = '电机电流偏高，需要记录每个测点。'.repeat(600);

// FAULTS row 7: storage of the phone full.
test('a full phone says so before the form closes, and saves once there is room', async ({
  desk,
  newPhone,
}) => {
  const phone = await newPhone();
  const { record, job } = await onTheJob(desk, phone);
  await job.addStep('Measured the motor current');
  await fillStorage(phone);
  // The browser hands out room ahead; what is started anew has none left of it.
  await phone.reload();
  await phone.screen.goTo(TITLE);
  await job.typeInto('intake/symptom', LONG);
  await job.tap('save');
  await expect(job.sheet().getByText(job.words('error-storage-full'))).toBeVisible();
  await expect(job.sheet().locator('#field-text')).toHaveValue(LONG);
  await phone.screen.expectUnsent(1);
  await freeStorage(phone);
  await job.tap('save');
  await expect(job.sheet()).toBeHidden();
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  expect(await desk.job(record)).toMatchObject({
    content: { intake: { symptom: LONG } },
  });
});

test('a browser that promises nothing is said plainly, with what helps', async ({ desk, newPhone }) => {
  const phone = await newPhone();
  await refusePersistence(phone);
  await onTheJob(desk, phone);
  await phone.goTo('/me');
  await expect(phone.page.getByText(phone.screen.words('storage-refused'))).toBeVisible();
});

test('a core that traps is started again, and what was saved and typed is there', async ({
  desk,
  newPhone,
}) => {
  const phone = await newPhone();
  const { record, job } = await onTheJob(desk, phone);
  await job.addStep('Reset the overload relay');
  await job.typeInto('intake/demand', 'A call before noon');
  await trapCore(phone.page);
  await expect(phone.page.getByText(job.words('broken-title'))).toBeVisible();
  await expect(phone.page.getByText(job.words('broken-text'))).toBeVisible();
  await phone.screen.button('broken-again').click();

  await phone.screen.goTo(TITLE);
  await phone.screen.expectUnsent(1);
  await (await job.field('intake/demand')).click();
  await expect(job.sheet().locator('#field-text')).toHaveValue('A call before noon');
  await job.tap('save');
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  const { content } = (await desk.job(record)) as { content: { steps: object; intake: object } };
  expect(Object.values(content.steps)).toMatchObject([{ text: 'Reset the overload relay' }]);
  expect(content.intake).toMatchObject({ demand: 'A call before noon' });
});

// FAULTS row 27: phone clock wrong by years.
for (const [way, years] of [
  ['ahead', 3],
  ['behind', -3],
] as const) {
  test(`a clock three years ${way} is said, and its work arrives`, async ({ desk, newPhone }) => {
    const phone = await newPhone();
    const { record, job } = await onTheJob(desk, phone);
    await moveClock(phone.page, years * YEAR_MS);
    await job.addStep('Replaced the start capacitor');
    await phone.findCoverage();
    await phone.screen.expectUnsent(0);
    await phone.screen.back();
    await phone.page.locator('[data-notice="clock"]').click();
    const said = phone.screen.words(`clock-${way}`, { by: '3 years' });
    await expect(phone.page.getByText(said)).toBeVisible();
    const { content } = (await desk.job(record)) as { content: { steps: object } };
    expect(Object.values(content.steps)).toMatchObject([{ text: 'Replaced the start capacitor' }]);
    // What the office promises for tomorrow is neither late nor three years away.
    await desk.edit(record, {
      edit: 'set_field',
      path: 'intake/due_at',
      value: Date.now() + 24 * 3_600_000,
    });
    await phone.screen.visit('jobs');
    await expect(phone.screen.row(TITLE)).toContainText(phone.screen.words('day-tomorrow'));
  });
}

// FAULTS row 89: a new version in the middle of a form.
test('a new version waits for the form to be finished', async ({ desk, newPhone }) => {
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  await phone.screen.expectStoredForOffline();
  await phone.screen.visit('jobs');
  const record = await openOne(desk);
  const job = await phone.screen.openJob(TITLE);
  await job.typeInto('intake/demand', 'Quiet after ten');
  phone.link.rewrites = nextRelease;
  await phone.page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update();
  });
  await expect(phone.page.getByText(job.words('version-waits'))).toBeVisible();
  await expect(job.sheet().locator('#field-text')).toHaveValue('Quiet after ten');
  await job.tap('save');
  await expect(job.sheet()).toBeHidden();
  await phone.screen.button('version-accept').click();
  await expect.poll(() => showsNextRelease(phone.page)).toBe(true);
  await phone.screen.goTo(TITLE);
  await expect(await job.field('intake/demand')).toContainText('Quiet after ten');
  await phone.screen.expectUnsent(0);
  expect(await desk.job(record)).toMatchObject({ content: { intake: { demand: 'Quiet after ten' } } });
});

function openOne(desk: Desk): Promise<string> {
  return desk.openJob({ 'intake/title': TITLE }, people.ada.name);
}

/** Signed in, on the job's page, without coverage. */
async function onTheJob(desk: Desk, phone: Phone): Promise<{ record: string; job: JobScreen }> {
  const record = await openOne(desk);
  await phone.screen.signIn(people.ada.login);
  await phone.screen.expectStoredForOffline();
  await phone.screen.visit('jobs');
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  return { record, job };
}
