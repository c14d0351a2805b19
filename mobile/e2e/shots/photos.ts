// Pictures of photos and files: taken, waiting, opened, beside a step, at the signature, carried by
// a colleague, in the console before and after they have come.
import { shoot } from '../harness/frames';
import { photo } from '../harness/pictures';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

const TITLE = { en: 'Pump 2 rattles', zh: '二号泵异响' };
const STEP = { en: 'Changed the seal of pump 2', zh: '更换二号泵机械密封' };

for (const language of ['en', 'zh'] as const) {
  test(`photos and files (${language})`, async ({ desk, newPhone, newConsole }) => {
    const record = await desk.openJob(
      { 'intake/title': TITLE[language], 'visit/arrived_at': Date.now() },
      people.ada.name,
    );
    const phone = await newPhone({ language });
    const { screen, page } = phone;
    await screen.signIn(people.ada.login);
    const job = await screen.openJob(TITLE[language]);
    await job.addPhoto(await photo(page, 900, 1200));
    await screen.expectUnsent(0);
    await phone.loseCoverage();
    await job.addStep(STEP[language]);
    await job.addPhoto(await photo(page, 1600, 1200));
    await job.addFile('plc-backup.bin', Buffer.alloc(400_000, 7), 'purpose-program');
    await page.locator('#section-attachments').scrollIntoViewIfNeeded();
    await shoot(page, language, 'phone-photos');
    const section = await job.part('attachments');
    await section.locator('[data-entry]').nth(1).click();
    await expect(job.sheet().locator('img')).toBeVisible();
    await shoot(page, language, 'phone-photo');
    await job.tap('close');
    await phone.goTo(`/job/${record}/sign`);
    await page.getByText(screen.words('stamp'), { exact: true }).scrollIntoViewIfNeeded();
    await shoot(page, language, 'phone-stamp');
    await phone.goTo('/me');
    await shoot(page, language, 'phone-me-photos');
    await page.getByText(screen.words('files-rule')).click();
    await shoot(page, language, 'phone-photos-rule');
    await job.tap('close');

    const carrier = await newPhone({ language });
    await carrier.screen.signIn(people.lin.login);
    const file = await phone.saveUnsent();
    await carrier.goTo('/me');
    await carrier.takeIn(file);
    const parcel = carrier.page.locator('[data-parcel]');
    await expect(parcel).toContainText(carrier.screen.words('parcel-files-there'));
    await parcel.scrollIntoViewIfNeeded();
    await shoot(carrier.page, language, 'phone-carried');

    phone.link.refuses = (path, method) => path.startsWith('/v1/blobs') && method === 'PATCH';
    await phone.findCoverage();
    const office = await newConsole({ language });
    await office.signIn(people.desk.login);
    await office.page.goto(`/jobs/${record}`);
    await expect(office.part('attachments').locator('img').first()).toBeVisible();
    await office.part('attachments').scrollIntoViewIfNeeded();
    await shoot(office.page, language, 'console-photos');
    await office.page.goto('/hand-in');
    await office.page.locator('input[name=parcel]').setInputFiles(file);
    await office.page.getByRole('button', { name: office.words('hand-in-take') }).click();
    await office.page.locator('#taken').waitFor();
    await shoot(office.page, language, 'console-hand-in-photos');
  });
}
