// Work leaves a phone by hand: as a signed file that a colleague's phone or the desk brings to the
// office, any number of times, its photos included. Nothing is added twice, signatures hold, and the
// phone it comes from keeps everything until it has heard from the office itself.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { Content } from '../harness/desk';
import { photo } from '../harness/pictures';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = 'Sluice gate 2 jams';
const SIGNATORY = { name: '王芳', title: '厂长' };

test('a file with everything unsent reaches the office on a colleague’s phone, and once only', async ({
  desk,
  newPhone,
}) => {
  const record = await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const adas = await newPhone();
  const lins = await newPhone({ language: 'zh' });
  await adas.screen.signIn(people.ada.login);
  await lins.screen.signIn(people.lin.login);
  await lins.screen.expectStoredForOffline();
  const ada = await adas.screen.openJob(TITLE);
  await adas.loseCoverage();
  await lins.loseCoverage();

  await ada.writeNow('visit/arrived_at');
  await ada.addStep('Freed the spindle');
  await ada.addPhoto(await photo(adas.page));
  await ada.writeReport({ outcome: 'solved', cause: 'Silt', treatment: 'Flushed' });
  await ada.haveItSigned(SIGNATORY);
  const unsent = await adas.unsent();
  const file = await adas.saveUnsent();
  await adas.screen.expectUnsent(unsent);

  await test.step('Lin carries it without coverage, taken in twice', async () => {
    await lins.screen.visit('me');
    const parcel = () => lins.page.locator('[data-parcel]');
    for (let time = 0; time < 2; time += 1) {
      await lins.takeIn(file);
      await expect(parcel()).toHaveCount(1);
      await expect(parcel()).toContainText(people.ada.name);
    }
    await expect(parcel()).toHaveAttribute('data-parcel', 'waiting');
    await lins.killTab();
    await lins.screen.visit('me');
    await expect(parcel()).toHaveAttribute('data-parcel', 'waiting');
    await lins.findCoverage();
    await lins.screen.button('sync-now').click();
    await expect(parcel()).toHaveAttribute('data-parcel', 'delivered');
    await expect(parcel()).toContainText(lins.screen.words('parcel-files-there'));
    await lins.screen.expectUnsent(0);
  });

  const merged = (await desk.content(record)) as Content;
  expect(merged.report).toMatchObject({ cause: 'Silt', outcome: 'solved' });
  expect(Object.values(merged.steps ?? {})).toMatchObject([{ text: 'Freed the spindle' }]);
  const photographed = await desk.firstFile(record);
  const hash = createHash('sha256').update(photographed.bytes).digest('hex');
  expect(hash, 'the photo came with it').toBe(photographed.named.sha256);
  const { signoffs } = await desk.job(record);
  expect(signoffs, 'the signature binds, under the name of its author').toMatchObject([
    { binds: true, receipt: { engineer_name: people.ada.name } },
  ]);

  await test.step('the desk brings the same file twice more: nothing changes', async () => {
    const bytes = await readFile(file);
    const before = JSON.stringify(await desk.job(record));
    await desk.bring(bytes);
    await desk.bring(bytes);
    expect(JSON.stringify(await desk.job(record))).toBe(before);
  });

  await test.step('Ada is back in coverage: everything is there already', async () => {
    await adas.findCoverage();
    await adas.screen.expectUnsent(0);
    expect(await desk.content(record)).toEqual(merged);
  });
});

test('a file that somebody changed, or that is none, is not taken', async ({ desk, newPhone }) => {
  await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const phone = await newPhone();
  const { screen } = phone;
  await screen.signIn(people.ada.login);
  const job = await screen.openJob(TITLE);
  await phone.loseCoverage();
  await job.addStep('Freed the spindle');
  const bytes = await readFile(await phone.saveUnsent());

  const altered = Buffer.from(bytes);
  altered.writeUInt8(altered.readUInt8(altered.length - 10) ^ 1, altered.length - 10);
  await expect(desk.bring(altered)).rejects.toThrow(/^4\d\d /);
  const other = test.info().outputPath('other.docket');
  await writeFile(other, 'not a file of ours');
  await phone.takeIn(other);
  await expect(phone.page.getByText(screen.words('error-not-a-parcel'))).toBeVisible();
});
