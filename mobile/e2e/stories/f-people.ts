// F1 to F3: one person, one account; who leaves is out at once and loses no work; every use is in
// a log that nobody changes unseen, and that can be read and kept.
import { readFile } from 'node:fs/promises';
import type { Console } from '../harness/console';
import { axeViolations } from '../harness/ergonomics';
import { type Account, PASSWORD, people } from '../harness/server';
import { expect, test } from '../harness/story';

const BOSS: Account = { login: 'boss', name: 'Noor Haddad', role: 'administrator' };
const TITLE = 'Flow meter 3 reads high';
const STEP = 'Cleaned the rotor and replaced the bearing';
const NEW_PASSWORD = 'a sentence of her own';

/** A person's line on the people page. */
const lineOf = (office: Console, name: string) =>
  office.page.getByRole('row').filter({ hasText: name }).first();

async function changePassword(office: Console, old: string, password: string): Promise<void> {
  await office.page.goto('/password');
  await office.page.locator('input[name=old]').fill(old);
  await office.page.locator('input[name=new]').fill(password);
  await office.page.locator('input[name=again]').fill(password);
  await office.button('password-change').click();
}

async function openFor(office: Console, login: string): Promise<void> {
  await office.signIn(login);
  await expect(office.page.locator('details.person')).toBeVisible();
}

test('F1 the administrator opens an account in the console, and its owner chooses the password', async ({
  server,
  newConsole,
  newPhone,
}) => {
  await server.kill();
  await server.addUser(BOSS);
  await server.restart();
  const office = await newConsole();
  await openFor(office, BOSS.login);
  await office.page.goto('/people');
  expect(await axeViolations(office.page)).toEqual([]);
  const form = office.part('new-account');
  await form.locator('[name=name]').fill('Nia Berg');
  await form.locator('[name=login]').fill('nia');
  await form.locator('[name=role]').selectOption('engineer');
  await office.button('account-open').click();
  const once = (await office.page.locator('code').textContent()) ?? '';
  expect(once).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
  expect(await axeViolations(office.page)).toEqual([]);

  const own = await newConsole();
  await own.signIn('nia', once);
  await expect(own.page.getByText(own.words('password-one-time'))).toBeVisible();
  expect(await axeViolations(own.page)).toEqual([]);
  await own.page.goto('/people');
  await expect(own.page, 'nowhere else before that').toHaveURL(/\/password$/);
  await changePassword(own, once, NEW_PASSWORD);
  await expect(own.page.getByRole('status')).toContainText(own.words('password-done'));
  const phone = await newPhone();
  await phone.screen.trySignIn('nia', NEW_PASSWORD);
  await phone.screen.expectList();

  await test.step('and rights are those of the role, not more', async () => {
    await own.page.goto('/people');
    await expect(own.part('new-account')).toHaveCount(0);
    await expect(own.page.getByRole('link', { name: own.words('audit-title') })).toHaveCount(0);
    expect((await own.page.request.get('/audit')).status()).toBe(404);
  });
});

test('F1 an account on two phones at the same time shows, and one of them is withdrawn', async ({
  newPhone,
  newConsole,
}) => {
  const [first, second] = [await newPhone(), await newPhone()];
  await first.screen.signIn(people.ada.login);
  await second.screen.signIn(people.ada.login);
  const office = await newConsole();
  await openFor(office, people.manager.login);
  await office.page.goto('/people');
  await expect(office.part('shared')).toContainText(people.ada.name);
  expect(await axeViolations(office.page)).toEqual([]);
  const line = lineOf(office, people.ada.name);
  await line.getByText(office.words('people-revoke-device'), { exact: true }).first().click();
  await line.locator('details[open] button').click();
  await expect(office.part('shared')).toHaveCount(0);
});

test('F2 who leaves is out at once everywhere, and what they did without coverage is not lost', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const record = await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const hers = await newConsole();
  await openFor(hers, people.ada.login);
  await phone.loseCoverage();
  await (await phone.screen.openJob(TITLE)).addStep(STEP);
  await phone.screen.back();

  const office = await newConsole();
  await openFor(office, people.manager.login);
  await office.page.goto('/people');
  const line = lineOf(office, people.ada.name);
  await line.getByText(office.words('people-close'), { exact: true }).click();
  await line.locator('details[open] button').click();
  await expect(line).toContainText(office.words('people-inactive'));

  await hers.page.goto('/');
  await expect(hers.button('sign-in')).toBeVisible();
  await phone.findCoverage();
  await phone.screen.visit('me');
  await expect(phone.page.getByText(phone.screen.words('error-account-closed'))).toBeVisible();
  await phone.screen.expectUnsent(0);
  await office.page.goto('/held');
  await expect(office.page.getByRole('article')).toContainText(STEP);
  await office.page.getByRole('button', { name: office.words('held-accept') }).click();
  await expect(office.page.getByText(office.words('held-notice-accepted'))).toBeVisible();
  expect(JSON.stringify(await desk.content(record))).toContain(STEP);
});

test('F2 a new password ends every other sign-in; the phone asks for it, keeps its work and sends it', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const record = await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  await phone.loseCoverage();
  await (await phone.screen.openJob(TITLE)).addStep(STEP);
  await phone.screen.back();
  const [here, there] = [await newConsole(), await newConsole()];
  await openFor(here, people.ada.login);
  await openFor(there, people.ada.login);

  await changePassword(here, PASSWORD, NEW_PASSWORD);
  await expect(here.page.getByRole('status')).toContainText(here.words('password-ended', { count: 2 }));
  await there.page.goto('/records');
  await expect(there.button('sign-in')).toBeVisible();

  await phone.findCoverage();
  await phone.screen.visit('me');
  await expect(phone.page.getByText(phone.screen.words('sign-in-needed-title'))).toBeVisible();
  await phone.screen.expectUnsent(1);
  await phone.page.getByLabel(phone.screen.words('sign-in-name')).fill(people.ada.login);
  await phone.page.getByLabel(phone.screen.words('sign-in-password')).fill(NEW_PASSWORD);
  await phone.screen.button('sign-in').click();
  await phone.screen.expectUnsent(0);
  expect(JSON.stringify(await desk.content(record))).toContain(STEP);
});

test('F3 every use is in the audit log, which is searched, kept as a file and proves itself', async ({
  server,
  newPhone,
  newConsole,
}) => {
  const phone = await newPhone();
  await phone.screen.trySignIn(people.ada.login, 'not her password');
  await expect(phone.page.getByRole('alert')).toBeVisible();
  await phone.screen.signIn(people.ada.login);
  const office = await newConsole();
  await openFor(office, people.manager.login);
  await office.page.request.get('/records.csv');
  await office.page.goto('/people');
  await office.page.getByRole('link', { name: office.words('audit-title') }).click();

  const entries = office.part('entries');
  await expect(entries).toContainText(office.words('audit-sign-in-refused', { detail: 'ada' }));
  await expect(entries).not.toContainText('not her password');
  await expect(entries.getByRole('row').filter({ hasText: people.ada.name }).first()).toBeVisible();
  await expect(entries).toContainText(/Saved a table as a file: records-/);
  await expect(office.part('chain')).toContainText(/the chain is whole up to entry \d+/);
  expect(await axeViolations(office.page)).toEqual([]);

  await test.step('it is narrowed in the address', async () => {
    await office.page.locator('select[name=kind]').selectOption('refused');
    await expect(office.page).toHaveURL(/kind=refused/);
    await expect(entries.locator('tbody tr')).toHaveCount(1);
    await office.page.locator('input[type=search][name=query]').last().fill('nothing like it');
    await office.page.locator('input[type=search][name=query]').last().press('Enter');
    await expect(entries).toContainText(office.words('audit-none'));
  });

  const kept = await test.step('it is kept as a file, which is itself in the log', async () => {
    await office.page.goto('/audit');
    const download = office.page.waitForEvent('download');
    await office.page.getByRole('link', { name: 'CSV' }).click();
    const file = await readFile(await (await download).path(), 'utf8');
    expect(file).toContain(office.words('audit-sign-in-refused', { detail: 'ada' }));
    await office.page.reload();
    await expect(entries.locator('tbody tr').first()).toContainText(/audit-.*\.csv/);
    const [number, ...rest] = (file.split('\r\n')[1] ?? '').split(',');
    return `${number}:${rest.at(-1)}`;
  });

  await test.step('and whoever has the file can tell later whether it still says the same', async () => {
    await server.kill();
    expect(await server.command(['audit', '--kept', kept])).toContain('digest that was kept');
    const other = kept.replace(/:.*/, ':00000000');
    await expect(server.command(['audit', '--kept', other])).rejects.toThrow('another digest');
  });
});
