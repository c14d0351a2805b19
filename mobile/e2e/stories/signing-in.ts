// The one moment that needs coverage: who may in, and what those read who may not.
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

for (const language of ['en', 'zh'] as const) {
  test(`a wrong password is said in plain words (${language})`, async ({ newPhone }) => {
    const { screen } = await newPhone({ language });
    await screen.trySignIn(people.ada.login, 'not this one');
    const problem = screen.page.getByRole('alert');
    await expect(problem).toHaveText(screen.words('error-wrong-password'));
    await screen.trySignIn('nobody', 'not this one');
    await expect(problem).toHaveText(screen.words('error-wrong-password'));
    await screen.signIn(people.ada.login);
  });
}

test('without coverage a sign-in says so, and works once coverage is back', async ({ newPhone }) => {
  const phone = await newPhone();
  await expect(phone.screen.button('sign-in')).toBeVisible();
  await phone.loseCoverage();
  await phone.screen.trySignIn(people.ada.login);
  await expect(phone.page.getByRole('alert')).toHaveText(phone.screen.words('error-offline'));
  await phone.findCoverage();
  await phone.screen.signIn(people.ada.login);
});

test('F1 one person, one account: each does what their role may, and leaves nothing to the next', async ({
  desk,
  newPhone,
}) => {
  const title = 'Conveyor 2 squeals';
  const record = await desk.openJob({ 'intake/title': title }, people.ada.name);
  const phone = await newPhone();
  const { screen } = phone;
  await screen.signIn(people.ada.login);
  await phone.loseCoverage();
  const job = await screen.openJob(title);
  const paths = await job.editablePaths();
  expect(paths).toContain('intake/caller');
  expect(paths, 'handing on and filing are the office’s').not.toContain('assignment/lead');
  await job.write('intake/caller', 'Control room');
  await phone.findCoverage();
  await screen.expectUnsent(0);
  expect(JSON.stringify(await desk.job(record))).toContain(people.ada.name);

  await screen.back();
  await screen.visit('me');
  await screen.button('sign-out').click();
  await job.sheet().getByRole('button', { name: screen.words('sign-out'), exact: true }).click();
  await expect(screen.button('sign-in')).toBeVisible();
  await screen.trySignIn(people.lin.login);
  await screen.visit('jobs');
  await screen.expectUnsent(0);
  await expect(screen.row(title)).toHaveCount(0);
  await screen.search(title);
  await expect(phone.page.getByText(screen.words('nothing-found'))).toBeVisible();
});
