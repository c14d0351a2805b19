// Photos and files: taken without coverage, signed by their hashes, and sent behind everything
// else. Both sides say at every moment where a photo is.
import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import { drawName } from '../harness/drawing';
import { photo, PLACE } from '../harness/pictures';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';
import { fillStorage, freeStorage } from '../harness/trouble';

const TITLE = 'Pump rattles';
const BOSS = { name: '王芳', title: '厂长' };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Named {
  sha256: string;
  bytes: number;
  purpose: string;
  step: string;
}

// FAULTS rows 25 and 79.
test('a photo is signed without coverage and comes after its record', async ({
  desk,
  newPhone,
  newConsole,
}) => {
  const record = await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  const { screen } = phone;
  await screen.signIn(people.ada.login);
  const job = await screen.openJob(TITLE);
  await phone.loseCoverage();
  await job.addStep('Changed the seal');
  await job.addPhoto(await photo(phone.page));
  await job.expectReceipt('receipt-here');
  await screen.back();
  await screen.openJob(TITLE);
  await job.expectReceipt('receipt-here');
  await job.writeReportAnyway({ outcome: 'solved', cause: 'Worn seal', treatment: 'New seal' });
  await job.haveItSigned(BOSS);

  // The words come through; for files there is no way yet.
  phone.link.refuses = (path) => path.startsWith('/v1/blobs');
  await phone.findCoverage();
  await expect.poll(() => desk.stage(record)).toBe('signed');
  await screen.expectUnsent(1);
  const console = await newConsole();
  await console.signIn(people.desk.login);
  await console.page.goto(`/jobs/${record}`);
  await expect(console.part('attachments')).toContainText(console.words('attachment-pending'));
  await expect(console.part('attachments').locator('img')).toHaveCount(0);

  phone.link.refuses = () => false;
  await phone.goTo('/me');
  await screen.button('sync-now').click();
  await screen.expectUnsent(0);
  // The page that was open shows it by itself.
  await expect(console.part('attachments').locator('img')).toBeVisible();
  const { content, signoffs } = (await desk.job(record)) as unknown as {
    content: { attachments: Record<string, Named> };
    signoffs: { statement: { attachment_digests: string[] } }[];
  };
  const [named] = Object.values(content.attachments);
  const stored = await desk.file(named?.sha256 ?? '');
  expect(sha256(stored)).toBe(named?.sha256);
  expect(signoffs[0]?.statement.attachment_digests).toEqual([named?.sha256]);
  expect(stored.length).toBeLessThan(1_000_000);
  expect(Buffer.from(stored).includes(PLACE), 'the place stays on the phone').toBe(false);

  await screen.button('sync-now').click();
  await phone.goTo(`/job/${record}`);
  await job.expectReceipt('receipt-seen');
});

test('a photo belongs to its step, and the stamp to what is signed', async ({ desk, newPhone }) => {
  const fields = { 'intake/title': TITLE, 'report/finished_at': Date.now() };
  const record = await desk.openJob(fields, people.ada.name);
  const phone = await newPhone();
  const { screen, page } = phone;
  await screen.signIn(people.ada.login);
  const job = await screen.openJob(TITLE);
  await job.addStep('Changed the seal');
  const camera = () => page.locator('[data-picker=camera]');
  const picture = { name: 'a.jpg', mimeType: 'image/jpeg', buffer: await photo(page, 800, 600) };
  const steps = await job.part('steps');
  await steps.locator('[data-picker=camera]').setInputFiles(picture);
  await expect(steps.locator('[data-entry^="attachments/"]')).toHaveCount(1);

  await job.next('sign');
  const stamp = { ...picture, buffer: await photo(page, 600, 600) };
  await camera().setInputFiles(stamp);
  await expect(page.locator('.stamp img')).toBeVisible();
  await job.signAs(BOSS);
  await drawName(page);
  await screen.button('signature-accept').click();
  await job.tap('close');
  await screen.expectUnsent(0);
  const { content, signoffs } = (await desk.job(record)) as unknown as {
    content: { attachments: Record<string, Named>; steps: Record<string, object> };
    signoffs: { statement: { attachment_digests: string[] } }[];
  };
  const all = Object.values(content.attachments);
  const [step] = Object.keys(content.steps);
  expect(all.map((one) => [one.purpose, one.step]).sort()).toEqual([
    ['stamp', ''],
    ['work', step],
  ]);
  const signed = signoffs[0]?.statement.attachment_digests;
  expect(signed).toEqual(all.map((one) => one.sha256).sort());
});

// FAULTS row 24, in a browser.
test('a file that is cut on its way goes on where it was', async ({ desk, newPhone }) => {
  const record = await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  const { screen } = phone;
  await screen.signIn(people.ada.login);
  const job = await screen.openJob(TITLE);
  await phone.loseCoverage();
  const file = Buffer.alloc(1_500_000, 'program text ');
  await job.addFile('plc-backup.bin', file, 'purpose-program');
  let through = 0;
  let cut = false;
  phone.link.refuses = (_, method) => {
    if (method !== 'PATCH') return false;
    cut = through === 3;
    if (!cut) through += 1;
    return cut;
  };
  await phone.findCoverage();
  await expect.poll(() => cut).toBe(true);
  await job.expectReceipt('receipt-sending', { percent: 52 });
  await phone.dieAndBoot();
  phone.link.refuses = (_, method) => {
    if (method === 'PATCH') through += 1;
    return false;
  };
  await phone.screen.goTo(TITLE);
  await phone.screen.expectUnsent(0);
  await expect.poll(() => phone.link.count('/v1/blobs')).toBeGreaterThan(0);
  const { content } = (await desk.job(record)) as unknown as {
    content: { attachments: Record<string, Named> };
  };
  const [named] = Object.values(content.attachments);
  expect(named?.purpose).toBe('program');
  expect(sha256(await desk.file(named?.sha256 ?? ''))).toBe(sha256(file));
  const all = Math.ceil(file.length / (256 * 1024));
  expect(through).toBeLessThanOrEqual(all + 1);
});

test('a colleague’s photo is fetched when somebody taps it', async ({ desk, newPhone }) => {
  const record = await desk.openJob(
    { 'intake/title': TITLE },
    people.ada.name,
    people.lin.name,
  );
  const ada = await newPhone();
  await ada.screen.signIn(people.ada.login);
  const adas = await ada.screen.openJob(TITLE);
  await adas.addPhoto(await photo(ada.page, 800, 600));
  await ada.screen.expectUnsent(0);

  const lin = await newPhone();
  await lin.screen.signIn(people.lin.login);
  const lins = await lin.screen.openJob(TITLE);
  await (await lins.part('attachments')).locator('[data-entry]').click();
  const sheet = lins.sheet();
  await expect(sheet.locator('img')).toHaveCount(0);
  await sheet.getByRole('button', { name: /^Fetch/ }).click();
  await expect(sheet.locator('img')).toBeVisible();
  await lin.loseCoverage();
  await lin.dieAndBoot();
  await lin.screen.goTo(TITLE);
  await (await lin.screen.job().part('attachments')).locator('[data-entry]').click();
  await expect(lin.screen.job().sheet().locator('img')).toBeVisible();
  expect(record).not.toBe('');
});

test('a camera that stays shut and a full phone lose nothing', async ({ desk, newPhone }) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  const { screen, page } = phone;
  await screen.signIn(people.ada.login);
  const job = await screen.openJob(TITLE);
  const section = await job.part('attachments');
  await section.locator('[data-picker=camera]').dispatchEvent('cancel');
  await expect(page.getByText(screen.words('camera-nothing'))).toBeVisible();

  const picture = await photo(page);
  await fillStorage(phone);
  await job.offerPhoto(picture);
  await expect(page.getByText(screen.words('error-file-no-room'))).toBeVisible();
  await expect(section.locator('[data-entry]')).toHaveCount(0);
  await screen.expectUnsent(0);
  await freeStorage(phone);
  await job.addPhoto(picture);
  await screen.expectUnsent(0);
});

// FAULTS row 79.
test('a picture that claims to fill all memory is refused in words', async ({ desk, newPhone }) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  const head = Buffer.from('89504e470d0a1a0a0000000d494844520000c3500000c3500806000000', 'hex');
  await job.offerPhoto(head);
  await expect(phone.page.getByText(phone.screen.words('error-picture-too-large'))).toBeVisible();
  await phone.screen.expectUnsent(0);
});

test('a photo chosen again is not written over itself', async ({ desk, newPhone }) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const { screen, page } = await newPhone();
  await screen.signIn(people.ada.login);
  const job = await screen.openJob(TITLE);
  const picture = await photo(page);
  await job.addPhoto(picture);
  const before = await filesOn(page);
  expect(before.length).toBeGreaterThan(0);
  await job.addPhoto(picture);
  expect(await filesOn(page)).toEqual(before);
});

test('a photo lies sealed on the phone, and is shown again after the battery went', async ({
  desk,
  newPhone,
}) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  await phone.screen.signIn(people.ada.login);
  const job = await phone.screen.openJob(TITLE);
  await phone.loseCoverage();
  await job.addPhoto(await photo(phone.page, 800, 600));
  // The picture and the small one. A JPEG begins with these three bytes.
  const beginnings = await beginningsOn(phone.page);
  expect(beginnings).toHaveLength(2);
  for (const beginning of beginnings) expect(beginning).not.toMatch(/^ffd8ff/);

  await phone.dieAndBoot();
  const again = await phone.screen.goTo(TITLE);
  const shown = (await again.part('attachments')).locator('[data-entry] img');
  await expect(shown).toBeVisible();
  await shown.click();
  const large = again.sheet().locator('img');
  await expect(large).toBeVisible();
  const width = () => large.evaluate((img: HTMLImageElement) => img.naturalWidth);
  await expect.poll(width).toBe(800);
});

// FAULTS row 39: a photo is work like any other.
test('nobody signs out over a photo that was not sent', async ({ desk, newPhone }) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  const { screen } = phone;
  await screen.signIn(people.ada.login);
  phone.link.refuses = (path) => path.startsWith('/v1/blobs');
  const job = await screen.openJob(TITLE);
  await job.addPhoto(await photo(phone.page, 800, 600));
  await job.expectSync('merged');
  await phone.goTo('/me');
  await screen.button('sign-out').click();
  const said = screen.words('sign-out-blocked-files', { count: 1 });
  await expect(job.sheet().getByText(said)).toBeVisible();
});

/** The first bytes of every file that the phone keeps beside its record, as hex. */
function beginningsOn(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('blobs');
    const found: string[] = [];
    for await (const [, handle] of folder) {
      const file = await (handle as FileSystemFileHandle).getFile();
      const bytes = new Uint8Array(await file.slice(0, 8).arrayBuffer());
      found.push([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    }
    return found;
  });
}

/** Name and last writing of every file that the phone keeps beside its record. */
function filesOn(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('blobs');
    const found: string[] = [];
    for await (const [name, handle] of folder) {
      const { lastModified } = await (handle as FileSystemFileHandle).getFile();
      found.push(`${name} ${lastModified}`);
    }
    return found.sort();
  });
}
