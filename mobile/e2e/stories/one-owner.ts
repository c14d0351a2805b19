// Two tabs over one record would tear it: the second one waits, says so, and takes over.
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

// FAULTS row 34: one owner at a time.
test('a second tab says that the first holds the record, and takes over', async ({
  desk,
  newPhone,
}) => {
  await desk.openJob({ 'intake/title': 'Pump 2 leaks' }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const second = await phone.secondTab();
  await expect(second.page.getByText(second.words('waiting-title'))).toBeVisible();
  await expect(second.page.getByText(second.words('waiting-text'))).toBeVisible();
  await phone.screen.openJob('Pump 2 leaks');
  await phone.page.close();
  await second.expectList();
  await expect(second.row('Pump 2 leaks')).toBeVisible();
});

// FAULTS row 34: a killed owner is followed.
test('it takes over from a tab that was killed, too', async ({ newPhone }) => {
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const second = await phone.secondTab();
  await expect(second.page.getByText(second.words('waiting-title'))).toBeVisible();
  await phone.crash();
  await second.expectList();
});
