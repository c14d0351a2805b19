// The app installs to the home screen, and a new version of it waits until the person agrees.
import { downloadBytes } from '../harness/download';
import { nextRelease, showsNextRelease } from '../harness/release';
import { people } from '../harness/server';
import { expect, test } from '../harness/story';

interface Manifest {
  name: string;
  display: string;
  start_url: string;
  icons: { src: string; sizes: string; purpose?: string }[];
}

test('the app can be installed', async ({ newPhone }) => {
  const phone = await newPhone();
  const session = await phone.page.context().newCDPSession(phone.page);
  const found = await session.send('Page.getAppManifest');
  expect(found.errors).toEqual([]);
  const manifest = JSON.parse(found.data ?? '') as Manifest;
  expect(manifest).toMatchObject({ name: 'Docket', display: 'standalone', start_url: '/app/' });
  expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
  for (const { src, sizes } of manifest.icons) {
    const icon = await phone.page.request.get(new URL(src, found.url).href);
    expect(icon.headers()['content-type']).toBe('image/png');
    const bytes = await icon.body();
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    expect(`${width}x${height}`).toBe(sizes);
  }
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
});

// FAULTS row 89: a new version waits.
test('a new version waits until the person agrees', async ({ newPhone }) => {
  const phone = await newPhone();
  const { screen } = phone;
  await screen.signIn(people.ada.login);
  await screen.expectStoredForOffline();
  await screen.visit('jobs');
  phone.link.rewrites = nextRelease;
  await phone.reload();
  const offer = phone.page.getByText(screen.words('version-waits'));
  await expect(offer).toBeVisible();
  await phone.reload();
  await expect(offer).toBeVisible();
  expect(await showsNextRelease(phone.page)).toBe(false);
  await screen.button('version-accept').click();
  // A machine that does much beside takes its time to change the worker of a page.
  await expect.poll(() => showsNextRelease(phone.page), { timeout: 40_000 }).toBe(true);
  await screen.expectList();
  await expect(offer).toBeHidden();
});

/** The budget. */
const DOWNLOAD_BYTES_MAX = 1_600_000;

test('the whole app is a small download', async ({ newPhone }) => {
  const { page, link } = await newPhone();
  expect(await downloadBytes(page, link.url)).toBeLessThan(DOWNLOAD_BYTES_MAX);
});
