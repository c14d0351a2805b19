// A job travels from the desk to two phones without coverage and back, signed; the server is off
// for most of it, one phone is reloaded and killed. What arrives is everything, disagreement
// included, and the proof of the signature holds against anyone who changes it.
import { readFile, writeFile } from 'node:fs/promises';
import { docket, people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = 'Flow meter 3 reads high';
const CHECK = 'Isolate the line';
const ADAS_STEP = 'Cleaned the rotor and replaced the bearing';
const LINS_STEP = '校准零点';
const REPORT = { outcome: 'solved', cause: '轴承磨损', treatment: 'Bearing replaced, zero set' };
const SIGNATORY = { name: '王芳', title: '厂长' };
const SEEN_WITHIN_MS = 2_000;

test('a job travels from a phone without coverage to the office, signed', async ({
  server,
  newConsole,
  newPhone,
}) => {
  const office = await newConsole();
  const adas = await newPhone();
  const lins = await newPhone({ language: 'zh' });
  await adas.screen.signIn(people.ada.login);
  await lins.screen.signIn(people.lin.login);

  await test.step('the desk opens a job and assigns it', async () => {
    await office.signIn(people.desk.login);
    await office.openJob({ title: TITLE, customer: '华东水务' });
    await office.addEntry('checklist', CHECK);
    await office.assign(people.ada.name);
    await office.addHelper(people.lin.name);
  });

  await test.step('both phones receive it', async () => {
    await expect(adas.screen.row(TITLE)).toBeVisible();
    await expect(lins.screen.row(TITLE)).toBeVisible();
  });

  const ada = await adas.screen.openJob(TITLE);
  const lin = await lins.screen.openJob(TITLE);
  await ada.item(CHECK);
  await lin.item(CHECK);

  await test.step('coverage goes, and the server stops', async () => {
    await Promise.all([adas.loseCoverage(), lins.loseCoverage(), server.kill()]);
  });

  let digest = '';
  await test.step('Ada works through the job and has it signed', async () => {
    await ada.tick(CHECK);
    await ada.writeNow('visit/arrived_at');
    await ada.expectStage('on-site');
    await ada.choose('intake/priority', 'priority-high');
    await ada.addStep(ADAS_STEP);
    await ada.writeReport(REPORT);
    digest = await ada.haveItSigned(SIGNATORY);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    await ada.expectStage('signed');
  });

  await test.step('Lin changes the same priority and adds a step', async () => {
    await lin.choose('intake/priority', 'priority-urgent');
    await lin.addStep(LINS_STEP);
    await lins.screen.expectUnsent(2);
  });

  await test.step("Ada's phone is reloaded, and its tab killed: nothing is gone", async () => {
    for (const happens of [() => adas.reload(), () => adas.killTab()]) {
      const before = await adas.unsent();
      await happens();
      await adas.screen.goTo(TITLE);
      await expect(await adas.screen.job().item(CHECK)).toHaveAttribute('aria-checked', 'true');
      await expect(await adas.screen.job().part('steps')).toContainText(ADAS_STEP);
      await expect(await adas.screen.job().field('report/cause')).toContainText(REPORT.cause);
      await expect(await adas.screen.job().part('signoffs')).toContainText(SIGNATORY.name);
      await adas.screen.expectUnsent(before);
    }
  });

  await test.step('the server is back, and each phone syncs with one request', async () => {
    await Promise.all([office.hears(), server.restart()]);
    for (const phone of [adas, lins]) {
      phone.link.forget();
      await phone.findCoverage();
      await phone.screen.expectUnsent(0);
      expect(phone.link.count('/v1/sync')).toBe(1);
    }
  });

  await test.step('the console shows the merged record without a reload', async () => {
    const soon = { timeout: SEEN_WITHIN_MS };
    await expect(office.part('steps')).toContainText(LINS_STEP, soon);
    await expect(office.part('steps')).toContainText(ADAS_STEP);
    const conflicts = office.part('conflicts');
    for (const [value, author] of [
      ['priority-high', people.ada.name],
      ['priority-urgent', people.lin.name],
    ] as const) {
      const row = conflicts.getByRole('listitem').filter({ hasText: office.words(value) });
      await expect(row).toContainText(author);
    }
    const signoff = office.part('signoffs');
    await expect(signoff).toContainText(SIGNATORY.name);
    await expect(signoff.getByText(office.words('signoff-valid'), { exact: true })).toBeVisible();
    // Lin's was the last word, so nothing is left to fetch: it stays at one.
    expect(lins.link.count('/v1/sync')).toBe(1);
  });

  await test.step('the exported proof holds, until one byte of it is changed', async () => {
    const file = await office.downloadProof();
    await docket(['verify', file]);
    const proof = await readFile(file);
    expect(proof.toString('latin1')).toContain(digest);
    const stranger = await newConsole();
    await stranger.checkProof(file);
    await expect(stranger.page.getByText(stranger.words('verify-valid'))).toBeVisible();
    const altered = test.info().outputPath('altered');
    for (const place of places(proof.length)) {
      await writeFile(altered, withOneBitTurned(proof, place));
      await expect(docket(['verify', altered]), `byte ${place}`).rejects.toThrow();
    }
    await stranger.checkProof(altered);
    await expect(stranger.page.getByText(stranger.words('verify-invalid'))).toBeVisible();
  });
});

/** Fifty places spread over a file; its every byte is the business of a test closer to the code. */
function places(length: number): number[] {
  return Array.from({ length: 50 }, (_, one) => Math.floor(((one + 0.5) * length) / 50));
}

function withOneBitTurned(bytes: Buffer, place: number): Buffer {
  const altered = Buffer.from(bytes);
  altered.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  return altered;
}
