// A job is handed on while its engineer works on it without coverage. The late work is held, the
// manager decides in the console, and the engineer's phone says what became of every entry.
import { readFile } from 'node:fs/promises';
import { photo } from '../harness/pictures';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TAKEN = 'Flow meter 3 reads high';
const SET_ASIDE = 'Pump 2 is loud';
const STEP = 'Cleaned the rotor and replaced the bearing';
const CAUSE = '轴承磨损';
const REASON = 'Lin has already changed the pump';

test('late work is held, decided in the console, and its author is told', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const taken = await desk.openJob({ 'intake/title': TAKEN }, people.ada.name);
  const setAside = await desk.openJob({ 'intake/title': SET_ASIDE }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);

  await test.step('Ada works on both without coverage; the desk hands them on', async () => {
    await expect(phone.screen.row(SET_ASIDE)).toBeVisible();
    await phone.loseCoverage();
    await (await phone.screen.openJob(TAKEN)).addStep(STEP);
    await phone.screen.back();
    await (await phone.screen.openJob(SET_ASIDE)).write('report/cause', CAUSE);
    await phone.screen.back();
    for (const job of [taken, setAside]) await desk.assign(job, people.lin.name);
  });

  await test.step('back in coverage the jobs go, and her words wait for a decision', async () => {
    await phone.findCoverage();
    await phone.screen.expectUnsent(0);
    await expect(phone.screen.row(TAKEN)).toHaveCount(0);
    await phone.goTo('/waiting');
    const waiting = phone.page.locator('section.card');
    await expect(waiting).toHaveCount(2);
    await expect(waiting.filter({ hasText: TAKEN })).toContainText(STEP);
    await expect(waiting.filter({ hasText: SET_ASIDE })).toContainText(CAUSE);
    await expect(waiting.first()).toContainText(phone.screen.words('held-no-longer-assigned'));
    expect(await desk.content(taken)).toMatchObject({ steps: {} });
  });

  const office = await newConsole();
  await office.signIn(people.manager.login);
  const piece = (title: string) =>
    office.page.getByRole('article').filter({ has: office.page.getByText(title, { exact: true }) });

  await test.step('the manager sees who, what and why, and accepts one', async () => {
    await office.page.getByRole('link', { name: office.words('nav-held') }).click();
    await expect(piece(TAKEN)).toContainText(people.ada.name);
    await expect(piece(TAKEN)).toContainText(STEP);
    await piece(TAKEN).getByRole('button', { name: office.words('held-accept') }).click();
    await expect(office.page.getByText(office.words('held-notice-accepted'))).toBeVisible();
    expect(JSON.stringify(await desk.content(taken))).toContain(STEP);
  });

  await test.step('and sets the other aside, with a reason', async () => {
    await piece(SET_ASIDE).getByRole('textbox').fill(REASON);
    await piece(SET_ASIDE).getByRole('button', { name: office.words('held-set-aside') }).click();
    await expect(office.page.getByText(office.words('held-notice-set-aside'))).toBeVisible();
    await expect(piece(SET_ASIDE)).toContainText(REASON);
  });

  await test.step("Ada's phone says what became of both", async () => {
    await expect(phone.page.locator('section.card')).toHaveCount(0);
    await phone.goTo('/refused');
    const card = phone.page.locator('section.card');
    await expect(card).toHaveCount(1);
    await expect(card).toContainText(SET_ASIDE);
    await expect(card).toContainText(phone.screen.words('error-set-aside'));
    await expect(card).toContainText(REASON);
    await expect(card).toContainText(CAUSE);
    const download = phone.page.waitForEvent('download');
    await phone.screen.button('export').click();
    const file = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    expect(file.format).toBe('docket-not-accepted-1');
    expect(file.entries[0].reason.note).toBe(REASON);
    expect(file.entries[0].in_words.written[0].text).toBe(CAUSE);
  });

  await test.step('what she has dealt with goes, and only then', async () => {
    await phone.screen.button('refused-forget').click();
    await phone.page.locator('dialog[open]').getByRole('button', {
      name: phone.screen.words('refused-forget'),
      exact: true,
    }).click();
    await expect(phone.page.locator('section.card')).toHaveCount(0);
  });
});

test('a withdrawn phone hands in its work and photos by itself, and can then be left', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const record = await desk.openJob({ 'intake/title': TAKEN }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TAKEN);
  await phone.loseCoverage();
  await job.addStep(STEP);
  await job.addPhoto(await photo(phone.page));
  await phone.screen.back();

  const office = await newConsole();
  await office.signIn(people.manager.login);
  await office.page.goto('/people');
  const line = office.page.getByRole('row').filter({ hasText: people.ada.name }).first();
  await line.getByText(office.words('people-revoke-device'), { exact: true }).click();
  await line.locator('details[open] button').click();
  await expect(line).toContainText(office.words('people-revoked'));

  await phone.findCoverage();
  await phone.screen.visit('me');
  await expect(phone.page.getByText(phone.screen.words('error-device-revoked'))).toBeVisible();
  await phone.screen.expectUnsent(0);
  await expect(phone.page.getByText(phone.screen.words('withdrawn-all-in'))).toBeVisible();
  await office.page.goto('/held');
  await expect(office.page.getByRole('article')).toContainText(STEP);
  await office.page.getByRole('button', { name: office.words('held-accept') }).click();
  await expect(office.page.getByText(office.words('held-notice-accepted'))).toBeVisible();
  const { named, bytes } = await desk.firstFile(record);
  expect(bytes.length, 'with its photo').toBe(named.bytes);

  await phone.screen.button('sign-out').click();
  const sheet = phone.page.locator('dialog[open]');
  await sheet.getByRole('button', { name: phone.screen.words('sign-out'), exact: true }).click();
  await expect(phone.screen.button('sign-in')).toBeVisible();
});
