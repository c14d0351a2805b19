// Every page of the office: for every eye, at a desk and on a phone, for somebody who has only a
// keyboard, and on paper.
import type { Page } from '@playwright/test';
import { axeViolations, cutTexts } from '../harness/ergonomics';
import { keyboardFaults, tabTo } from '../harness/keyboard';
import { officePages } from '../harness/office-pages';
import { DEMO_PASSWORD } from '../harness/server';
import { expect, test } from '../harness/story';

test.use({ organisation: 'demo' });
test.setTimeout(240_000);

const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
/** A4 between margins of 12 mm, at 96 dots an inch: upright, and across for lists. */
const UPRIGHT = { width: 703, height: 1032 };
const ACROSS = { width: 1032, height: 703 };

for (const language of ['en', 'zh'] as const) {
  test(`what the office reads suits every eye, at a desk and on a phone (${language})`, async ({
    newConsole,
  }) => {
    const office = await newConsole({ language });
    await office.signIn('liuqiang', DEMO_PASSWORD);
    await expect(office.page.locator('[data-rows] tr').first()).toBeVisible();
    for (const path of await officePages(office.page)) {
      await office.page.goto(path);
      for (const size of SIZES) {
        await office.page.setViewportSize(size);
        for (const here of await office.page.locator('nav [aria-current=page]').all()) {
          await expect(here, `where we are, ${path}, ${size.width}`).toBeInViewport({ ratio: 0.9 });
        }
        for (const colorScheme of ['light', 'dark'] as const) {
          await office.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          const where = `${path}, ${size.width}, ${colorScheme}`;
          expect.soft(await axeViolations(office.page), `axe, ${where}`).toEqual([]);
        }
        expect.soft(await tooWide(office.page), `wider than ${size.width}, ${path}`).toEqual(0);
      }
    }
  });
}

test('every page can be used with the keyboard alone', async ({ newConsole }) => {
  const office = await newConsole({ language: 'en' });
  await office.signIn('liuqiang', DEMO_PASSWORD);
  await expect(office.page.locator('[data-rows] tr').first()).toBeVisible();
  for (const path of await officePages(office.page)) {
    await office.page.goto(path);
    expect.soft(await keyboardFaults(office.page), path).toEqual([]);
  }
});

test('a call is taken, handed to somebody and found again without a mouse', async ({
  newConsole,
}) => {
  const office = await newConsole({ language: 'en' });
  const { page } = office;
  const { keyboard } = page;
  await test.step('sign in', async () => {
    await tabTo(page, page.locator('input[name=login]'));
    await keyboard.type('chenjing');
    await keyboard.press('Tab');
    await keyboard.type(DEMO_PASSWORD);
    await keyboard.press('Enter');
    await expect(page.locator('[data-rows] tr').first()).toBeVisible();
  });
  await test.step('take the call', async () => {
    await tabTo(page, page.getByRole('link', { name: office.words('new-job') }).first());
    await keyboard.press('Enter');
    await tabTo(page, page.locator('[name="value:intake/title"]'));
    await keyboard.type('Label printer feeds twice');
    await tabTo(page, office.button('new-job-open'));
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Label printer feeds twice');
  });
  await test.step('hand it over', async () => {
    const part = office.part('assignment');
    await tabTo(page, part.locator('select[name=lead]'));
    await keyboard.type('Emma');
    await tabTo(page, part.getByRole('button', { name: office.words('assign'), exact: true }));
    await keyboard.press('Enter');
    await expect(part.locator('dl')).toContainText('Emma');
  });
  await test.step('find it again', async () => {
    await tabTo(page, page.getByRole('searchbox').first());
    await keyboard.type('feeds twice');
    await keyboard.press('Enter');
    await expect(page.locator('[data-rows] a')).toHaveCount(1);
    await movesByKeyboard(page);
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Label printer feeds twice');
  });
});

test('whoever moves by keyboard stays in a row that changes and moves', async ({ newConsole }) => {
  const reader = await newConsole({ language: 'en' });
  await reader.signIn('liuqiang', DEMO_PASSWORD);
  await movesByKeyboard(reader.page);
  await reader.page.keyboard.press('ArrowDown');
  const row = reader.page.locator(':focus');
  const address = (await row.getAttribute('href')) ?? '';
  const stage = await reader.page.locator('tbody:has(:focus)').getAttribute('id');

  const desk = await newConsole({ language: 'en' });
  await desk.signIn('chenjing', DEMO_PASSWORD);
  await desk.page.goto(address);
  await desk.assign('Emma Clarke');

  await expect(reader.page.locator('tr:has(:focus)')).toContainText('Emma Clarke');
  await expect(row).toHaveAttribute('href', address);
  expect(await reader.page.locator('tbody:has(:focus)').getAttribute('id')).not.toBe(stage);
});

test('every page prints dark on white, without the menu, and nothing is cut', async ({
  newConsole,
}) => {
  const office = await newConsole({ language: 'zh', dark: true });
  await office.signIn('liuqiang', DEMO_PASSWORD);
  await expect(office.page.locator('[data-rows] tr').first()).toBeVisible();
  const pages = await officePages(office.page);
  await office.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const path of pages) {
    await office.page.goto(path);
    const body = office.page.locator('body');
    const lies = await body.evaluate((it) => getComputedStyle(it).getPropertyValue('page'));
    await office.page.setViewportSize(lies === 'across' ? ACROSS : UPRIGHT);
    expect.soft(await tooWide(office.page), `wider than the paper, ${path}`).toEqual(0);
    expect.soft(await cutTexts(office.page), `cut on paper, ${path}`).toEqual([]);
    await expect.soft(office.page.locator('header.top'), `menu, ${path}`).toBeHidden();
    // Light words on white would be too faint to read.
    expect.soft(await axeViolations(office.page), `faint on paper, ${path}`).toEqual([]);
  }
});

/** By how many pixels a page would have to be moved sideways. */
function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
}

/** The arrow keys work once the page's script has been read, which is after its rows are there. */
async function movesByKeyboard(page: Page): Promise<void> {
  await expect(page.locator('html.scripted [data-rows] a').first()).toBeVisible();
}
