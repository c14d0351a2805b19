// E4: the equipment of all customers, counted, found, saved as a table that a spreadsheet opens, and
// a table brought in: first what it would do, then just that, once. Phones have it with their next sync.
import { readFile } from 'node:fs/promises';
import type { Console } from '../harness/console';
import { axeViolations } from '../harness/ergonomics';
import { people } from '../harness/server';
import { openSpreadsheet } from '../harness/spreadsheet';
import { expect, test } from '../harness/story';

const CUSTOMER = '江北水厂';
const HEAD = '用户,类别,设备名称,型号,序列号,所在现场,位置,保修期至,版本';
const ROWS = [
  `${CUSTOMER},流量计,进水流量计,LM-80,LM80-0017,一号泵房,,2031-05-31,固件 2.1`,
  `${CUSTOMER},流量计,出水流量计,LM-80,LM80-0018,二号泵房,东墙,,`,
  `${CUSTOMER},水泵,一号水泵,,,一号泵房,,,`,
];

async function bring(office: Console, name: string, file: string | Buffer): Promise<void> {
  await office.page.goto('/assets');
  const buffer = Buffer.from(file as string);
  const input = office.page.locator('input[type=file]');
  await input.setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await office.button('asset-import-check').click();
}

async function save(office: Console, link: string): Promise<Buffer> {
  const [file] = await Promise.all([
    office.page.waitForEvent('download'),
    office.page.getByRole('link', { name: link, exact: true }).click(),
  ]);
  return readFile(await file.path());
}

test('E4 equipment comes in as a table, is counted and found, goes out again, and is on the phone', async ({
  newConsole,
  newPhone,
}) => {
  const office = await newConsole({ language: 'zh' });
  const { page } = office;
  await office.signIn(people.desk.login);
  await office.openDossier(CUSTOMER, { contract: 'HD-2026-017' });
  const phone = await newPhone({ language: 'zh' });
  await phone.screen.signIn(people.ada.login);
  await phone.loseCoverage();

  await test.step('a dry run says what would happen, and what cannot be read and why', async () => {
    const faulty = `${CUSTOMER},水泵,二号水泵,,,,,明年,`;
    const unknown = '江南水厂,水泵,三号水泵,,,,,,';
    await bring(office, 'assets.csv', [HEAD, ...ROWS, faulty, unknown].join('\r\n'));
    await expect(office.part('order')).toContainText(
      office.words('asset-import-would', { added: 3, changed: 0, faults: 2 }),
    );
    const line = (number: number) => {
      const cell = page.getByRole('cell', { name: String(number), exact: true });
      return office.part('faults').getByRole('row').filter({ has: cell });
    };
    await expect(line(5)).toContainText('保修期至');
    await expect(line(5)).toContainText('明年');
    await expect(line(6)).toContainText('江南水厂');
    await expect(office.part('additions')).toContainText('LM80-0018');
    for (const size of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      await page.setViewportSize(size);
      expect(await axeViolations(page), `axe, ${size.width}`).toEqual([]);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto('/assets');
    await expect(office.part('assets'), 'nothing was written').toContainText(office.words('nothing-yet'));
  });

  await test.step('one click does it', async () => {
    await bring(office, 'assets.csv', [HEAD, ...ROWS].join('\r\n'));
    await office.button('asset-import-do').click();
    const done = office.words('asset-import-done', { added: 3, changed: 0 });
    await expect(page.getByRole('status')).toHaveText(done);
  });

  await test.step('it is counted by kind and found by its label', async () => {
    await page.goto('/assets');
    await expect(page.getByRole('link', { name: '流量计 2' })).toBeVisible();
    await page.locator('main input[name=query]').fill('lm80-0018');
    await page.locator('main input[name=query]').press('Enter');
    await expect(office.part('assets').locator('tbody tr')).toHaveCount(1);
    await expect(office.part('assets')).toContainText('出水流量计');
    expect((await save(office, 'CSV')).toString()).not.toContain('LM80-0017');
  });

  await test.step('what is saved is a table for people, and goes in again without a change', async () => {
    await page.goto('/assets');
    const xlsx = await save(office, 'XLSX');
    const table = await openSpreadsheet('assets.xlsx', xlsx);
    expect(table.formulas).toEqual([]);
    expect(table.rows[0]).toEqual(HEAD.split(','));
    expect(table.rows.flat()).toContain('LM80-0018');
    for (const [name, file] of [['assets.xlsx', xlsx], ['assets.csv', await save(office, 'CSV')]] as const) {
      await bring(office, name, file);
      await expect(office.part('order')).toContainText(office.words('asset-import-nothing'));
      await expect(office.part('order')).toContainText('3');
    }
  });

  await test.step('a table that was edited changes just what was edited', async () => {
    const edited = ROWS.map((row) => row.replace('固件 2.1', '固件 2.2'));
    await bring(office, 'assets.csv', [HEAD, ...edited].join('\r\n'));
    const changes = office.part('alterations').locator('tbody tr');
    await expect(changes).toHaveCount(1);
    await expect(changes.locator('del')).toHaveText('固件 2.1');
    await expect(changes.locator('ins')).toHaveText('固件 2.2');
    await office.button('asset-import-do').click();
    await expect(page.getByRole('status')).toHaveText(
      office.words('asset-import-done', { added: 0, changed: 1 }),
    );
  });

  await test.step('the phone has the equipment after its next sync', async () => {
    await phone.screen.visit('customers');
    await phone.page.getByRole('link', { name: CUSTOMER }).click();
    const equipment = phone.page.locator('#section-equipment');
    await expect(equipment).not.toContainText('进水流量计');
    await phone.findCoverage();
    await expect(equipment).toContainText('进水流量计');
    await expect(equipment).toContainText('LM80-0018');
    await expect(equipment).toContainText('固件 2.2');
  });
});
