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
