// Two phones, no network, one job: Ada hands a half-done job to Lin beside her. Lin goes on at once,
// and whoever reaches the office first, the work of both is there, once.
import { writeFile } from 'node:fs/promises';
import type { Content, Desk } from '../harness/desk';
import type { Phone, PhoneOptions } from '../harness/phone';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';
import { film } from '../harness/video';

const TITLE = 'Sluice gate 2 jams';

interface Pair {
  record: string;
  adas: Phone;
  lins: Phone;
}

/** Both without coverage, Ada with a job that she has begun and that Lin has never seen. */
async function apart(
  desk: Desk,
  newPhone: (options?: PhoneOptions) => Promise<Phone>,
  options: PhoneOptions = {},
): Promise<Pair> {
  const record = await desk.openJob({ 'intake/title': TITLE }, people.ada.name);
  const [adas, lins] = [await newPhone(), await newPhone(options)];
  await adas.screen.signIn(people.ada.login);
  await lins.screen.signIn(people.lin.login);
  // The reader of codes is part of the app, and there will be no network to fetch it.
  await lins.screen.expectStoredForOffline();
  const ada = await adas.screen.openJob(TITLE);
  await adas.loseCoverage();
  await lins.loseCoverage();
  await ada.writeNow('visit/arrived_at');
  await ada.addChecklistItem('Spindle moves');
  await ada.addStep('Opened the gearbox');
  return { record, adas, lins };
}

/** Ada's job as a file for Lin. */
async function given({ adas }: Pair): Promise<string> {
  await adas.screen.job().handOverTo(people.lin.name);
  const download = adas.page.waitForEvent('download');
  await adas.screen.button('give-file').click();
  return (await download).path();
}

async function takeOver({ lins }: Pair, file: string): Promise<void> {
  await lins.goTo('/take');
  await lins.page.locator('input[name=job]').setInputFiles(file);
}

async function goOn({ lins }: Pair): Promise<void> {
  const lin = lins.screen.job();
  await lin.expectOpen(TITLE);
  const from = lins.screen.words('taken-from', { name: people.ada.name });
  await expect(lins.page.getByText(from)).toBeVisible();
  await lin.tick('Spindle moves');
  await lin.addStep('换上新轴套');
}

async function expectAllOnce(desk: Desk, { record, adas, lins }: Pair): Promise<void> {
  for (const phone of [adas, lins]) {
    await phone.goTo(`/job/${record}`);
    await phone.screen.job().expectSync('merged');
  }
  const content = (await desk.content(record)) as Content;
  const texts = (part: string) =>
    Object.values(content[part] ?? {}).map((entry) => (entry as { text: string }).text);
  expect(texts('steps').sort()).toEqual(['Opened the gearbox', '换上新轴套']);
  expect(Object.values(content.checklist ?? {})).toMatchObject([
    { text: 'Spindle moves', done: true },
  ]);
  const steps = (phone: Phone) => phone.page.locator('#section-steps');
  for (const phone of [adas, lins]) {
    await phone.screen.job().part('steps');
    await expect(steps(phone)).toContainText('Opened the gearbox');
    await expect(steps(phone)).toContainText('换上新轴套');
  }
}

test('by file: whoever took the job over reaches the office first', async ({ desk, newPhone }) => {
  const pair = await apart(desk, newPhone);
  await takeOver(pair, await given(pair));
  await goOn(pair);
  await pair.lins.killTab();
  await pair.lins.screen.goTo(TITLE);
  await pair.lins.findCoverage();
  await pair.lins.screen.job().expectSync('merged');
  await pair.adas.findCoverage();
  await expectAllOnce(desk, pair);
});

test('by file: whoever gave the job away reaches the office first', async ({ desk, newPhone }) => {
  const pair = await apart(desk, newPhone);
  await takeOver(pair, await given(pair));
  await goOn(pair);
  await pair.adas.findCoverage();
  await pair.adas.goTo(`/job/${pair.record}`);
  await pair.adas.screen.job().expectSync('merged');
  await pair.lins.findCoverage();
  await expectAllOnce(desk, pair);
});

test('a file that is none, or is for somebody else, changes nothing', async ({
  desk,
  newPhone,
}) => {
  const pair = await apart(desk, newPhone);
  const file = await given(pair);
  const { lins, adas } = pair;
  const other = test.info().outputPath('other.docket');
  await writeFile(other, 'not a file of ours');
  await takeOver(pair, other);
  await expect(lins.page.getByText(lins.screen.words('error-not-a-hand-over'))).toBeVisible();
  await adas.goTo('/take');
  await adas.page.locator('input[name=job]').setInputFiles(file);
  await expect(adas.page.getByText(adas.screen.words('error-hand-over-not-yours'))).toBeVisible();
  await lins.goTo('/jobs');
  await expect(lins.screen.row(TITLE)).toHaveCount(0);
});

test('by camera: one phone reads the codes that the other one shows', async ({
  desk,
  newPhone,
}) => {
  const video = test.info().outputPath('codes.y4m');
  const pair = await apart(desk, newPhone, { camera: { video } });
  const { adas, lins } = pair;
  await adas.screen.job().handOverTo(people.lin.name);
  await adas.screen.button('give-codes').click();
  await film(adas.page, video);
  await adas.page.keyboard.press('Escape');
  await expect(adas.page.locator('[data-frame]')).toHaveCount(0);

  await lins.goTo('/take');
  await lins.screen.button('take-scan').click();
  await goOn(pair);
  await lins.findCoverage();
  await lins.screen.job().expectSync('merged');
  await adas.findCoverage();
  await expectAllOnce(desk, pair);
});

test('a camera that may not be used is said in words, and the file does it', async ({
  desk,
  newPhone,
}) => {
  const pair = await apart(desk, newPhone, { camera: 'refused' });
  const { lins } = pair;
  const file = await given(pair);
  await lins.goTo('/take');
  await lins.screen.button('take-scan').click();
  await expect(lins.page.getByRole('alert')).toHaveText(lins.screen.words('scan-refused'));
  await lins.page.locator('input[name=job]').setInputFiles(file);
  await lins.screen.job().expectOpen(TITLE);
});
