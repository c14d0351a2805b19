// Leaving empties the phone, so it must not be possible while work is only there.
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

// FAULTS row 39: nobody signs out over unsent work.
test('signing out with unsent work is refused in plain words', async ({ desk, newPhone }) => {
  await desk.openJob({ 'intake/title': 'Fan rattles' }, people.ada.name);
  const phone = await newPhone();
  const { screen } = phone;
  await screen.signIn(people.ada.login);
  const job = await screen.openJob('Fan rattles');
  await phone.loseCoverage();
  await job.addStep('Tightened the mount');
  await screen.back();

  await screen.visit('me');
  await screen.button('sign-out').click();
  const sheet = job.sheet();
  await expect(sheet.getByText(screen.words('sign-out-blocked', { count: 1 }))).toBeVisible();
  const leave = sheet.getByRole('button', { name: screen.words('sign-out'), exact: true });
  await expect(leave).toHaveCount(0);
  await sheet.getByRole('button', { name: screen.words('cancel'), exact: true }).click();

  await phone.findCoverage();
  await expect(phone.page.getByText(screen.words('all-sent'))).toBeVisible();
  await screen.button('sign-out').click();
  await leave.click();
  await expect(screen.button('sign-in')).toBeVisible();
  await phone.reload();
  await expect(screen.button('sign-in')).toBeVisible();
});
