// The knowledge base: what a solved problem taught is written at the desk, and read where the next
// one has it, without coverage.
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const SOLUTION = 'Clean the gap sensor with alcohol, then calibrate.';

test('E6 an article of a solved job is read from the next job at hand, without coverage', async ({
  desk,
  newConsole,
  newPhone,
}) => {
  const problem = { 'intake/category': 'Printing', 'intake/equipment': 'Label printer · ZP-420' };
  const solved = await desk.openJob({ 'intake/title': 'Printer says no paper', ...problem }, people.lin.name);
  for (const [path, value] of [
    ['report/cause', 'Glue on the gap sensor'],
    ['report/treatment', SOLUTION],
  ] as const) {
    await desk.edit(solved, { edit: 'set_field', path, value });
  }
  await desk.openJob({ 'intake/title': 'Label printer stops', ...problem }, people.ada.name);
  await desk.openJob({ 'intake/title': 'Door is stuck', 'intake/category': 'Doors' }, people.ada.name);

  const office = await newConsole();
  await office.signIn(people.desk.login);
  await office.page.goto(`/jobs/${solved}`);
  await office.button('article-from-job').click();
  await expect(office.page.getByRole('heading', { level: 1 })).toHaveText('Printer says no paper');
  await expect(office.part('about')).toContainText(SOLUTION);

  const phone = await newPhone();
  const { screen, page } = phone;
  await screen.signIn(people.ada.login);
  await phone.loseCoverage();
  const job = await screen.openJob('Label printer stops');
  const knowledge = await job.part('articles');
  await knowledge.getByRole('button', { name: 'Printer says no paper' }).click();
  await expect(page.getByText(SOLUTION)).toBeVisible();
  await screen.back();
  await job.expectOpen('Label printer stops');
  await screen.back();

  await screen.openJob('Door is stuck');
  await expect(page.locator('#section-articles')).toHaveCount(0);
  await screen.back();
  await screen.search('alcohol');
  await page.locator('[data-found="article"]').getByRole('link').click();
  await expect(page.getByText('Glue on the gap sensor')).toBeVisible();
});
