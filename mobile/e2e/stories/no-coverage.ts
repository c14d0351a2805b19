// No coverage is the normal case: after one visit the app opens and works without any, and a
// hotel's Wi-Fi that answers everything with its own page is not mistaken for the office.
import { axeViolations } from '../harness/ergonomics';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = 'Scale drifts';

test('the app opens without coverage after one visit', async ({ server, desk, newPhone }) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  await phone.screen.expectStoredForOffline();

  await phone.loseCoverage();
  await server.kill();
  await phone.dieAndBoot();
  await phone.screen.expectList();
  await phone.screen.search('scale');
  await expect(phone.screen.row(TITLE)).toBeVisible();
  await phone.screen.search('没有这个');
  await expect(phone.page.getByText(phone.screen.words('nothing-found'))).toBeVisible();
  await phone.screen.search('');
  await phone.screen.openJob(TITLE);
});

test('a job opened without coverage reaches the office later', async ({ desk, newPhone }) => {
  const phone = await newPhone({ language: 'zh' });
  const { screen } = phone;
  await screen.signIn(people.lin.login);
  await screen.expectStoredForOffline();
  await screen.visit('jobs');
  await phone.loseCoverage();
  await screen.button('new-job').click();
  await phone.page.locator('#new-title').fill('泵房积水');
  await screen.button('open-new-job').click();
  const job = screen.job();
  await job.expectOpen('泵房积水');
  await phone.dieAndBoot();
  await phone.screen.expectUnsent(1);
  await phone.findCoverage();
  await phone.screen.expectUnsent(0);
  await expect.poll(() => desk.titles()).toContain('泵房积水');
});

// FAULTS row 20: a portal marks nothing as sent.
test('a captive portal marks nothing as sent, and is named', async ({ desk, newPhone }) => {
  const record = await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  const { screen } = phone;
  await screen.signIn(people.ada.login);
  const job = await screen.openJob(TITLE);
  await phone.meetPortal();
  await job.addStep('Recalibrated with the 20 kg weight');
  await screen.expectUnsent(1);
  await job.expectSync('on-this-phone');
  expect(await axeViolations(phone.page), 'what is unsent is called as it reads').toEqual([]);
  await screen.back();
  await screen.visit('me');
  await expect(phone.page.getByText(screen.words('error-not-our-server'))).toBeVisible();
  await expect(phone.page.getByText(screen.words('unsent-edits', { count: 1 }))).toBeVisible();

  await phone.findCoverage();
  await screen.button('sync-now').click();
  await expect(phone.page.getByText(screen.words('all-sent'))).toBeVisible();
  const { content } = (await desk.job(record)) as { content: { steps: object } };
  expect(Object.keys(content.steps)).toHaveLength(1);
});

test('an edit that cannot be sent does not ask for news again, too', async ({ desk, newPhone }) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  phone.link.refuses = () => true;
  phone.link.cut();
  phone.link.coverage = 'full';
  phone.link.forget();
  const edits = 12;
  for (let edit = 1; edit <= edits; edit += 1) await job.addStep(`Weighed ${edit} kg`);
  await phone.screen.expectUnsent(edits);
  // Each wait is twice as long as the one before, so that a minute has seven at the most.
  expect(phone.link.count('/v1/live')).toBeLessThan(edits);
});
