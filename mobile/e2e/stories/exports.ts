// What the office saves for a spreadsheet program is opened in one: nothing has to be repaired, and
// what people wrote is text in it, whatever it looks like.
import type { Console } from '../harness/console';
import { people } from '../harness/server';
import { openSpreadsheet } from '../harness/spreadsheet';
import { expect, test } from '../harness/story';

/** What a spreadsheet would run, in fields of one line and in prose. */
const LINES = ['=1+1', '+1+1', '-1+1', '@SUM(1;1)', '=cmd|" /C calc"!A0', '"=1+1', ' =1+1'];
const PROSE = ['\t=1+1', '\r=1+1', '\n=1+1', '=HYPERLINK("http://evil.test";"x")', 'a,"b"\r\n=1+1'];
const TABLES = ['/records.csv', '/records.xlsx', '/statistics.csv', '/statistics.xlsx'];

async function save(office: Console, address: string): Promise<Uint8Array> {
  const answer = await office.page.request.get(address);
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-disposition']).toMatch(/^attachment; filename="/);
  return answer.body();
}

test('what is exported opens in a spreadsheet program, and no text in it is a formula', async ({
  desk,
  newConsole,
}) => {
  for (const [at, text] of LINES.entries()) {
    const symptom = PROSE[at % PROSE.length] ?? '';
    await desk.openJob(
      {
        'intake/title': text,
        'intake/customer': text,
        'intake/category': text,
        'intake/symptom': symptom,
      },
      people.ada.name,
    );
  }
  const office = await newConsole();
  await office.signIn(people.manager.login);
  await expect(office.page.locator('[data-rows] tr').first()).toBeVisible();
  for (const address of TABLES) {
    await test.step(address, async () => {
      const table = await openSpreadsheet(address, await save(office, address));
      expect(table.formulas).toEqual([]);
      const cells = table.rows.flat().map((cell) => cell.replace(/^'/, ''));
      for (const text of LINES) expect(cells).toContain(text);
      expect(cells.filter((cell) => cell.startsWith('Err:') || cell.startsWith('#'))).toEqual([]);
    });
  }
});

test('equipment is exported as text, whatever stands on its label', async ({ newConsole }) => {
  const office = await newConsole();
  const { page } = office;
  await office.signIn(people.manager.login);
  await office.openDossier('River Mill', { contract: 'HD-2026-017' });
  // As our own tables guard it: an apostrophe in front.
  const labels = LINES.map((line) => line.trim());
  const quoted = labels.map((label) => `River Mill,"'${label.replaceAll('"', '""')}"`);
  const buffer = Buffer.from(['Customer,Equipment', ...quoted.slice(0, 6)].join('\r\n'));
  await page.goto('/assets');
  await page.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer });
  await office.button('asset-import-check').click();
  await office.button('asset-import-do').click();
  await expect(page.getByRole('status')).toBeVisible();
  for (const address of ['/assets.csv', '/assets.xlsx']) {
    const table = await openSpreadsheet(address, await save(office, address));
    expect(table.formulas).toEqual([]);
    const cells = table.rows.flat().map((cell) => cell.replace(/^'/, ''));
    for (const label of labels) expect(cells, address).toContain(label.replace(/^'/, ''));
  }
});
