// A phone that is lost or lent: what is on it is sealed, a PIN opens it, guessing gets slow and then
// ends, and whoever forgot the PIN gets in by the office. Work is never the price.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Desk } from '../harness/desk';
import type { Phone } from '../harness/phone';
import { PASSWORD, people } from '../harness/server';
import { expect, test } from '../harness/story';
import { moveClock } from '../harness/trouble';

const PIN = '472916';
const HOUR_MS = 3_600_000;
const WORDS = 'Kupferspule 7731 verschmort';

// FAULTS row 36: what is on a stolen phone cannot be read.
test('nothing of what is written lies open on the phone', async ({ desk, newPhone }) => {
  await desk.openJob({ 'intake/title': WORDS }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(WORDS);
  await phone.loseCoverage();
  await job.addStep(`${WORDS}, Schritt`);
  await job.typeInto('intake/demand', `${WORDS}, Entwurf`);
  await expect(job.sheet().locator('#field-text')).toHaveValue(`${WORDS}, Entwurf`);
  await phone.dieAndBoot();
  const again = await phone.screen.goTo(WORDS);
  await (await again.field('intake/demand')).click();
  await expect(again.sheet().locator('#field-text'), 'it is there for its owner').toHaveValue(
    `${WORDS}, Entwurf`,
  );
  const files = await filesOf(phone);
  expect(files.some(({ name }) => name.includes('File System')), 'the record is a file').toBe(true);
  const isOpen = ({ bytes }: { bytes: Buffer }) =>
    (['utf8', 'utf16le'] as const).some((as) => bytes.includes(WORDS, 0, as));
  const open = files.filter(isOpen);
  expect(open.map(({ name }) => name)).toEqual([]);
});

test('before its PIN, a phone draws nothing of the app', async ({ desk, newPhone }) => {
  const newcomer = await newPhone({ prepare: watchForList });
  const phone = await lockedPhone(newcomer, desk);
  const { screen, page } = phone;
  await tryPin(phone, PIN);
  await screen.back();
  await phone.reload();
  await expect(page.getByRole('heading', { name: screen.words('locked') })).toBeVisible();
  expect(await listSeen(page)).toBe(false);
  await tryPin(phone, PIN);
  await expect(page.getByRole('searchbox')).toBeVisible();
  expect(await listSeen(page)).toBe(true);
});

// FAULTS row 37: guessing at the lock.
test('a PIN opens the phone, and wrong ones slow down and then end', async ({ desk, newPhone }) => {
  const phone = await lockedPhone(await newPhone(), desk);
  const { screen, page } = phone;
  await expect(page.getByRole('heading', { name: screen.words('locked') })).toBeVisible();
  await tryPin(phone, PIN);
  await screen.goTo('Fan rattles');
  await screen.expectUnsent(1);

  await phone.reload();
  for (let wrong = 1; wrong <= 10; wrong += 1) {
    await tryPin(phone, `00000${wrong % 10}`);
    if (wrong < 3) {
      const said = screen.words('error-wrong-pin', { count: 10 - wrong });
      await expect(page.getByText(said)).toBeVisible();
    } else if (wrong < 10) {
      await expect(page.locator('input[name=pin]')).toBeDisabled();
      await expect(page.getByRole('alert')).toBeVisible();
      await moveClock(page, HOUR_MS);
      await expect(page.locator('input[name=pin]')).toBeEnabled();
    }
  }
  await expect(page.getByText(screen.words('locked-office'))).toBeVisible();
  await phone.reload();
  await expect(page.locator('input[name=pin]'), 'a restart gives no more tries').toHaveCount(0);

  await page.locator('input[name=login]').fill(people.lin.login);
  await page.locator('input[name=password]').fill(PASSWORD);
  await screen.button('unlock').click();
  await expect(page.getByRole('alert')).toContainText(screen.words('error-offline'));
  await phone.findCoverage();
  await page.locator('input[name=password]').fill(PASSWORD);
  await screen.button('unlock').click();
  await expect(page.getByRole('alert')).toContainText(screen.words('error-not-your-phone'));
  await page.locator('input[name=login]').fill(people.ada.login);
  await page.locator('input[name=password]').fill(PASSWORD);
  await screen.button('unlock').click();
  await screen.expectUnsent(0);
  const { steps } = await desk.contentOf('Fan rattles');
  expect(Object.values(steps ?? {})).toMatchObject([{ text: 'Tightened the mount' }]);
  await phone.reload();
  await screen.goTo('Fan rattles');
});

/** Ada's, with a step that is only there and a PIN, without coverage, started anew. */
async function lockedPhone(phone: Phone, desk: Desk): Promise<Phone> {
  await desk.openJob({ 'intake/title': 'Fan rattles' }, people.ada.name);
  const { screen } = phone;
  await screen.signIn(people.ada.login);
  await screen.expectStoredForOffline();
  await phone.page.getByRole('button', { name: screen.words('pin-lock') }).click();
  const sheet = screen.job().sheet();
  await expect(sheet.getByText(screen.words('pin-no-office'))).toHaveCount(0);
  for (const field of ['#pin', '#pin-again']) await sheet.locator(field).fill('123');
  await screen.job().tap('pin-choose');
  await expect(sheet.getByText(screen.words('pin-short', { count: 6 }))).toBeVisible();
  await sheet.locator('#pin').fill(PIN);
  await sheet.locator('#pin-again').fill(PIN);
  await screen.job().tap('pin-choose');
  await expect(sheet).toBeHidden();
  await phone.loseCoverage();
  await screen.visit('jobs');
  const job = await screen.openJob('Fan rattles');
  await job.addStep('Tightened the mount');
  await phone.reload();
  return phone;
}

async function tryPin({ page, screen }: Phone, pin: string): Promise<void> {
  await page.locator('input[name=pin]').fill(pin);
  await screen.button('unlock').click();
}

/** Every file the browser keeps for this phone. */
async function filesOf(phone: Phone): Promise<{ name: string; bytes: Buffer }[]> {
  const entries = await readdir(phone.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { name: path, bytes: await readFile(path).catch(() => Buffer.alloc(0)) };
    }),
  );
}

/** Takes down, from the next load on, whether the frame of the list was ever there. */
async function watchForList(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const look = () => document.querySelector('input[type=search]') && (window.name = 'list seen');
    window.name = '';
    new MutationObserver(look).observe(document, { subtree: true, childList: true });
  });
}

async function listSeen(page: Page): Promise<boolean> {
  return (await page.evaluate(() => window.name)) === 'list seen';
}
